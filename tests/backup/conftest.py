from pathlib import Path

import pytest

from archiveportal.files.services import keep_file
from tests.kept import load_reports_data
from tests.run_all import programs_of_postgresql
from tests.support.factories import make_user
from tests.support.inspections import photograph


@pytest.fixture
def place(transactional_db, settings, tmp_path, monkeypatch) -> Path:
    """The reports' data with two stored files, in folders of their own; returns where backups go."""
    # The commands that a check starts are those of the portal, not of its tests.
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "archiveportal.settings")
    monkeypatch.setenv("PG_BIN_DIR", str(programs_of_postgresql()))
    files = tmp_path / "files"
    here = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(files)}}
    settings.STORAGES = settings.STORAGES | {"default": here}
    settings.MEDIA_ROOT = str(files)
    settings.PG_BIN_DIR = str(programs_of_postgresql())
    load_reports_data()
    person = make_user(username="anh")
    for name in ("mot.jpg", "hai.jpg"):
        keep_file(upload=photograph(name), by=person)
    return tmp_path / "backups"
