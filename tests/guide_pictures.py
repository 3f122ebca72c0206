"""Take the pictures of the guide anew, from the portal with the reports' data: `python -m tests.guide_pictures`."""

import os
import subprocess
import sys

TEST = "tests/e2e/test_guide.py::test_the_pictures_are_as_old_as_the_words_of_their_pages"

if __name__ == "__main__":
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", TEST]
    sys.exit(subprocess.run(command, env=os.environ | {"GUIDE_PICTURES": "1"}, check=False).returncode)
