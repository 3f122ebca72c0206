"""Rules of the house that contracts over imports cannot say: requests stop at the pages, services alone write."""

import ast
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

#: layers that know no request
BELOW_PAGES = {"models", "querysets", "services", "scoring", "attainment", "queries", "results", "frozen"}


def modules() -> list[tuple[str, Path]]:
    packages = ("archiveportal", "wards", "criteria", "training", "reports")
    found = chain.from_iterable((ROOT / package).rglob("*.py") for package in packages)
    paths = [path for path in found if "migrations" not in path.parts]
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
def test_services_and_models_know_no_request(module, path):
    """Nothing below the pages knows a request or an answer, whether the layer is a module or a package."""
    if BELOW_PAGES & set(module.split(".")):
        pages = [target for target in imports(path) if target.startswith(("django.http", "django.shortcuts"))]
        assert not pages, module


#: services under another name
WRITERS = {
    "criteria.draft_2026",
    "criteria.stock_notes",
    "criteria.recommendations",
    "criteria.act_services",
    "archiveportal.corrections",
    "archiveportal.accounts.stand_ins",
    "archiveportal.accounts.handing_over",
    "archiveportal.history.sealing",
    "archiveportal.files.withdrawing",
    "archiveportal.accounts.first_links",
}
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


#: what a report may be on; `reports.subjects` knows in what the kinds of report differ
SUBJECTS = frozenset({"Round", "Scheme"})


def _named(node: ast.AST) -> set[str]:
    """Return the names in an expression: {"Round", "Scheme"} of a tuple or a union of both."""
    nodes = list(ast.walk(node))
    texts = [part.value for part in nodes if isinstance(part, ast.Constant)]
    return {part.id for part in nodes if isinstance(part, ast.Name)} | {str(text) for text in texts}


def _switches_on_subject(node: ast.AST) -> bool:
    """Find `isinstance(each, Round)`, `type(each) is Round`, and a union of both, quoted or not."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance":
        of, classes = node.args
        return ast.unparse(of).endswith("subject") or bool(_named(classes) & SUBJECTS)
    if isinstance(node, ast.Compare):
        is_type = any(isinstance(operator, (ast.Is, ast.IsNot, ast.Eq)) for operator in node.ops)
        return is_type and any(_named(side) & SUBJECTS for side in node.comparators)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _named(node) >= SUBJECTS
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return set(node.value.split(" | ")) == SUBJECTS
    return False


@pytest.mark.parametrize("folder", ["reports", "tests/reports", "tests/releases"])
def test_kinds_of_report_are_told_apart_by_their_class_alone(folder):
    """A third kind of report is a class in `reports.subjects` and an entry in each table by kind."""
    switches = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        found = [ast.unparse(node) for node in nodes if _switches_on_subject(node)]
        switches += [f"{path.relative_to(ROOT)}: {each}" for each in found]
    assert switches == []


UNION = " | ".join(sorted(SUBJECTS))


@pytest.mark.parametrize(
    "planted",
    [
        "isinstance(report.subject, Model)",
        "isinstance(each, (Round, Scheme))",
        "type(each) is Round",
        f"def text_of(subject: {UNION}): ...",
        f"def text_of(subject: None | {UNION}): ...",
        f"def text_of(subject: '{UNION}'): ...",
    ],
)
def test_a_planted_switch_on_the_kind_is_found(planted):
    assert any(_switches_on_subject(node) for node in ast.walk(ast.parse(planted)))


THE_DAY = {"localdate", "localtime", "now", "today"}


def calls_at_import(node: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls that run when a module is imported: all but those within functions."""
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        defaults = [each for each in (*node.args.defaults, *node.args.kw_defaults) if each]
        inner = [*node.decorator_list, *defaults]
    else:
        inner = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Call):
        yield node
    for each in inner:
        yield from calls_at_import(each)


def days_at_import(source: str) -> list[str]:
    called = [call.func for call in calls_at_import(ast.parse(source))]
    return [ast.unparse(each) for each in called if THE_DAY & {getattr(each, "attr", ""), getattr(each, "id", "")}]


def test_no_module_of_tests_asks_for_the_day_at_import():
    """A run that passes midnight would compare the day of its start with the day of the test."""
    found = {
        str(path.relative_to(ROOT)): days
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if (days := days_at_import(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "planted",
    [
        "TODAY = timezone.localdate()",
        "TODAY = localdate() - DAY",
        "@pytest.mark.parametrize('day', [datetime.date.today()])\ndef test_it(day): ...",
        "def make(day=timezone.now()): ...",
        "class Dates:\n    first = localtime()",
    ],
)
def test_a_planted_day_at_import_is_found(planted):
    assert days_at_import(planted)


def test_a_day_asked_within_a_test_is_none_at_import():
    assert not days_at_import("def test_it():\n    day = localdate()\n    later = lambda: timezone.now()")


#: classes that Django finds by their name
NAMES_OF_DJANGO = frozenset({"Command", "Meta", "Migration"})


def test_a_class_name_has_one_meaning():
    """No two modules define a class of the same name, so that a name says which is meant."""
    homes: dict[str, list[str]] = {}
    for module, path in modules():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name not in NAMES_OF_DJANGO:
                homes.setdefault(node.name, []).append(module)
    assert {name: places for name, places in homes.items() if len(places) > 1} == {}
