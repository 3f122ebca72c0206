"""The door of the web server has loaded the pages before the first request."""

import os
import subprocess
import sys

LOOK = """
import archiveportal.wsgi, gc, sys
print("criteria.inspections.views.checklist" in sys.modules, gc.get_freeze_count() > 100_000)
"""


def test_pages_are_loaded_and_left_out_of_the_search_for_garbage():
    looked = subprocess.run([sys.executable, "-c", LOOK], env=os.environ, capture_output=True, text=True, check=True)
    assert looked.stdout.split() == ["True", "True"]
