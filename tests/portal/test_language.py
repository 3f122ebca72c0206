"""Vietnamese first: only the person's own choice changes the language."""

import pytest


def test_an_english_browser_gets_vietnamese(cast, sign_in):
    page = sign_in(cast.inspector).get("/", headers={"accept-language": "en-US,en;q=0.9"}).content.decode()
    assert '<html lang="vi">' in page
    assert "Việc của tôi" in page


def test_the_switch_changes_it(cast, sign_in):
    client = sign_in(cast.inspector)
    client.post("/ngon-ngu/", {"language": "en", "next": "/"})
    page = client.get("/").content.decode()
    assert '<html lang="en">' in page
    assert "My work" in page


@pytest.mark.parametrize("language", ["xx", "", "../vi", "en\x00"])
def test_an_unknown_choice_is_none(cast, sign_in, language):
    client = sign_in(cast.inspector)
    client.cookies["django_language"] = language
    assert '<html lang="vi">' in client.get("/").content.decode()
