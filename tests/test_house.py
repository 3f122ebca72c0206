"""Who may import whom: an arrow that runs back fails here. The order is that of the design."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

#: lowest first; a module may import modules of its own room and of the rooms below it
ROOMS = [
    ("tools", ["archiveportal.excel", "archiveportal.word", "archiveportal.vietnamese", "archiveportal.percent",
               "archiveportal.fields", "archiveportal.middleware", "archiveportal.lists", "archiveportal.logs",
               "archiveportal.settings", "archiveportal.refusal",
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


#: services under another name
WRITERS = {"criteria.stock_notes"}
WRITING = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete", "update"}


def _is_write(node: ast.AST) -> bool:
    """`rows.update(name=...)` and the like. A file is saved to something, a form with commit=False."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr not in WRITING:
        return False
    above = node.func.value
    is_own_method = isinstance(above, ast.Call) and getattr(above.func, "id", "") == "super"
    is_file = node.func.attr == "save" and bool(node.args)
    is_dictionary = node.func.attr == "update" and (bool(node.args) or not node.keywords)
    is_unsaved = any(word.arg == "commit" and getattr(word.value, "value", 1) is False for word in node.keywords)
    return not (is_own_method or is_file or is_dictionary or is_unsaved)


@pytest.mark.parametrize(("module", "path"), modules(), ids=[name for name, _path in modules()])
def test_rows_are_written_in_services_alone(module, path):
    """Services write the history; whatever writes beside them would leave none."""
    if module in WRITERS or {"services", "baseline", "commands"} & set(module.split(".")):
        return
    found = [ast.unparse(node) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if _is_write(node)]
    assert not found, module
