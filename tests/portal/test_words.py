"""The words of the scripts are in the page, where they are translated: all, and no others."""

import re
from pathlib import Path

from django.template.loader import render_to_string

ROOT = Path(__file__).parents[2]
#: chosen by a state or an answer, so that no script names them in full
BY_STATE = ("refused", "held", "differing", "kept", "signIn", "waiting", "noRoom", "busy")
CHOSEN = {*BY_STATE, *(f"{state}Count" for state in BY_STATE), "typing", "met", "notMet", "open", "notApplicable"}
CHOSEN |= {"partly", "notShown", "excused"}
CHOSEN |= {"notTaken", "noteNetwork", "noteSignIn", "noteOther", "over", "notLoaded"}
#: by the kind of a criterion
CHOSEN |= {"pasteChoice", "pastePart", "pasteRatio", "pasteMeasure", "pasteDate"}
CHOSEN |= {"draftSlow", "draftBusy", "draftOffline", "draftLater"}


def test_every_word_of_the_scripts_is_on_the_page():
    paths = (ROOT / "static/js").rglob("*.js")
    scripts = "".join(path.read_text(encoding="utf-8") for path in paths)
    used = set(re.findall(r'\bword\("(\w+)"', scripts)) | set(re.findall(r"\bwords\.(\w+)", scripts))
    # Pages that save by themselves have other words than those that are sent.
    kinds = [{"person": None, "in_points": True, "saves_itself": itself} for itself in (True, False)]
    page = "".join(render_to_string("inspections/parts/device.html", kind) for kind in kinds)
    names = set(re.findall(r"data-([a-z-]+)=\"", page)) - {"words"}
    given = {re.sub(r"-(.)", lambda match: match[1].upper(), name) for name in names}
    assert used | CHOSEN <= given | {"user", "name"}
    assert given - used - CHOSEN == set()
