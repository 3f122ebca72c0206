"""Lists of very many areas to choose from."""

from types import SimpleNamespace

from archiveportal.templatetags.portal import area_options

AREAS = [SimpleNamespace(pk=7, title="Quận 7"), SimpleNamespace(pk=8, title='Cụm "A" & <b>B</b>')]


def test_titles_are_text_and_one_is_chosen():
    assert area_options(AREAS, 7) == (
        '<option value="7" lang="vi" selected>Quận 7</option>'
        '<option value="8" lang="vi">Cụm &quot;A&quot; &amp; &lt;b&gt;B&lt;/b&gt;</option>'
    )


def test_nothing_is_chosen_where_all_areas_show():
    assert "selected" not in area_options(AREAS, None)
