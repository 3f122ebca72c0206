"""Who may import whom: an arrow that runs back fails here. The order is that of the design."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

#: lowest first; a module may import modules of its own room and of the rooms below it
ROOMS = [
    ("tools", ["archiveportal.excel", "archiveportal.word", "archiveportal.vietnamese", "archiveportal.percent",
               "archiveportal.fields", "archiveportal.language", "archiveportal.lists", "archiveportal.logs",
               "archiveportal.settings",
               "archiveportal.templatetags", "archiveportal.errors", "archiveportal.formats", "archiveportal.apps"]),
    ("history", ["archiveportal.history", "archiveportal.baseline"]),
    ("wards", ["wards"]),
    ("accounts", ["archiveportal.accounts"]),
    ("files", ["archiveportal.files"]),
    ("jobs", ["archiveportal.jobs"]),
    ("criteria", ["criteria"]),
    ("inspections", ["criteria.inspections"]),
    ("training", ["training"]),
    ("reports", ["reports"]),
    ("composition", ["archiveportal.home", "archiveportal.urls", "archiveportal.context", "archiveportal.wsgi",
                     "archiveportal.management"]),
]  # fmt: skip
#: neighbours that may not know each other although one stands above the other in the list
STRANGERS = {("training", "criteria"), ("training", "inspections")}
#: within an app: later ones may import earlier ones
LAYERS = ["querysets", "models", "services", "views"]


def room_of(module: str) -> int | None:
    found = [
        (len(name), number)
        for number, (_room, names) in enumerate(ROOMS)
        for name in names
        if module == name or module.startswith(f"{name}.")
    ]
    return max(found)[1] if found else None


def modules() -> list[tuple[str, Path]]:
    packages = ("archiveportal", "wards", "criteria", "training", "reports")
    paths = [path for package in packages for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts]
    return [(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path) for path in paths]


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize(("module", "path"), modules(), ids=[name for name, _path in modules()])
def test_no_arrow_runs_back(module, path):
    here = room_of(module)
    if here is None:
        assert module == "archiveportal"
        return
    for target in imports(path):
        there = room_of(target)
        if there is None:
            continue
        assert there <= here, f"{module} imports {target}"
        assert (ROOMS[here][0], ROOMS[there][0]) not in STRANGERS, f"{module} imports {target}"


@pytest.mark.parametrize(("module", "path"), modules(), ids=[name for name, _path in modules()])
def test_layers_within_an_app(module, path):
    package, _, name = module.rpartition(".")
    if name not in LAYERS:
        return
    for target in imports(path):
        other = target.removeprefix(f"{package}.").split(".")[0] if target.startswith(f"{package}.") else ""
        if other in LAYERS:
            assert LAYERS.index(other) <= LAYERS.index(name), f"{module} imports {target}"


@pytest.mark.parametrize(("module", "path"), modules(), ids=[name for name, _path in modules()])
def test_services_and_models_know_no_request(module, path):
    if module.rpartition(".")[2] in {"models", "querysets", "services", "scoring", "attainment", "queries"}:
        assert not any(target.startswith("django.http") for target in imports(path)), module
