"""What a device is given for work without a network."""

import re

from django.conf import settings
from django.core.management import call_command
from django.urls import reverse


def test_the_worker_keeps_styles_and_scripts_that_exist_and_nothing_of_anybody(client, cast, sign_in):
    page = client.get(reverse("inspections:worker"))
    assert page["Content-Type"].startswith("text/javascript")
    script = page.content.decode()
    assets = re.findall(r'"/static/((?:css|js|img)/[\w./-]+)"', script)
    assert len(assets) > 20
    assert [name for name in assets if not (settings.BASE_DIR / "static" / name).is_file()] == []
    assert sign_in(cast.inspector).get(reverse("inspections:worker")).content == page.content
    used = {name for name in assets if name.startswith("js/")}
    served = sign_in(cast.inspector).get(reverse("inspections:waiting")).content.decode()
    assert set(re.findall(r"/static/(js/[\w./-]+)", served)) <= used


def test_the_worker_names_files_as_a_server_has_them(client, settings, tmp_path):
    storage = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": storage}}
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    script = client.get(reverse("inspections:worker")).content.decode()
    assets = re.findall(r'"/static/((?:css|js|img)/[\w./-]+)"', script)
    assert all(re.search(r"\.[0-9a-f]{12}\.\w+$", name) for name in assets)
    assert [name for name in assets if not (tmp_path / name).is_file()] == []


def test_a_loaded_checklist_finds_all_its_styles_and_scripts_on_the_device(cast, sign_in):
    client = sign_in(cast.inspector)
    home = client.get(reverse("home")).content.decode()
    address = re.search(r'data-load="([^"]+)"', home)[1]
    checklist = client.get(address).content.decode()
    kept = set(re.findall(r'/static/([\w./-]+)"', client.get(reverse("inspections:worker")).content.decode()))
    assert set(re.findall(r"/static/([\w./-]+)", checklist)) - kept == set()


def test_the_page_of_what_waits_names_nobody(cast, sign_in):
    page = sign_in(cast.inspector).get(reverse("inspections:waiting"))
    assert cast.inspector.full_name not in page.content.decode()
    assert "csrftoken" in page.cookies
