"""R12: the previous release's database upgrades with its figures, and work on it continues."""

import json

import pytest

from archiveportal.history.triggers import REFUSAL
from tests.history.processes import run


def test_the_previous_release_comes_forward(environment):
    previous = ["-m", "tests.history.previous_release"]
    run(environment, *previous, "fill")
    before = json.loads(run(environment, *previous, "read"))
    run(environment, "manage.py", "migrate", "--verbosity", "0")
    after = json.loads(run(environment, *previous, "read"))
    assert [row[0] for row in before["checklists"]] == ["draft", "submitted", "returned", "approved"]
    assert len(before["answers"]) == 12 and len(before["events"]) == 4
    added = after["events"][len(before["events"]) :]
    assert after == before | {"events": before["events"] + added}
    # What the upgrade adds is told: the department whose words stood in the code.
    assert added == [["", "command", "created", "1", "Sở Nội vụ Thành phố Hồ Chí Minh"]]
    work = json.loads(run(environment, *previous, "work_on"))
    assert work == {"draft": "draft", "submitted": "approved", "returned": "returned", "approved": "refused"}
    delete = "from django.db import connection; connection.cursor().execute('DELETE FROM history_event')"
    with pytest.raises(AssertionError, match=REFUSAL):
        run(environment, "manage.py", "shell", "-c", delete)
    # The reports load on top, and every figure is explained.
    run(environment, "manage.py", "load_baseline")
    run(environment, "manage.py", "figures")
    run(environment, "manage.py", "migrate", "--check")
