"""The history names no app above it: each app registers the words of its own rows."""

import ast
import re
from itertools import chain
from pathlib import Path

import pytest
from django.apps import AppConfig, apps
from django.conf import settings

from archiveportal import history
from archiveportal.history import registry
from archiveportal.history.triggers import sql_name, traced_models

FOLDER = Path(history.__file__).parent
BELOW = {"archiveportal", "archiveportal.history"}
APPS_ABOVE = [app for app in apps.get_app_configs() if app.name in set(settings.PORTAL_APPS) - BELOW]
MODELS_ABOVE = {model._meta.model_name for model in chain.from_iterable(app.get_models() for app in APPS_ABOVE)}
#: "reports.closing", "wards_ward", "criteria.inspections": an app, then a table, model or module
QUALIFIED = re.compile(rf"\b(?:{'|'.join(app.label for app in APPS_ABOVE)})[._]\w+")


def names_of_apps_above(source: str) -> set[str]:
    """Return what `source` says of apps above: qualified names, also in SQL, and names of models."""
    texts = {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    models = {text for text in texts if text.partition(".")[0] in MODELS_ABOVE}
    return models | set(QUALIFIED.findall(source))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_history_names_no_app_above(path):
    assert names_of_apps_above(path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("from reports import closing\nclosing == 'reports.closing'", "reports.closing"),
        ("SQL = 'SELECT w.name FROM wards_ward w'", "wards_ward"),
        ("import criteria.inspections.models", "criteria.inspections"),
        ("model_name == 'keptanswer'", "keptanswer"),
        ("NAMES = {'rounddocument.number': 1}", "rounddocument.number"),
    ],
)
def test_the_search_finds_an_app(source, name):
    assert name in names_of_apps_above(source)


def test_every_traced_model_says_how_its_rows_are_named():
    unnamed = [
        model._meta.label_lower
        for model in traced_models()
        if not sql_name(model, {field.column for field in model._meta.local_concrete_fields})
    ]
    assert not unnamed, (
        f"The history cannot name rows of {', '.join(unnamed)}: add each to `row_names` in the "
        "history_words.py of its app (BY_TABLE where no column says what a row is)."
    )


def labels_of(app_labels: set[str]) -> set[str]:
    models = apps.get_models(include_auto_created=True)
    return {model._meta.label_lower for model in models if model._meta.app_label in app_labels}


def test_what_is_registered_exists():
    """A model that was renamed would otherwise lose its words without a sound."""
    labels = labels_of({app.label for app in APPS_ABOVE} | {"history"})
    subjects = {subject for _action, subject in registry.DEEDS if "." in subject}
    stories = {story for story, _column in registry.TOLD_IN.values()}
    known = registry.ROW_NAMES.keys() | registry.TOLD_IN.keys() | registry.FOLDED.keys()
    for label, names in registry.TOLD_FIELDS.items():
        assert names <= {field.name for field in apps.get_model(label)._meta.local_concrete_fields}
    assert known | subjects | stories | registry.UNTRACED <= labels
    models = {label.partition(".")[2] for label in labels}
    assert {name.partition(".")[0] for name in registry.FIELD_NAMES if "." in name} <= models
    for label, (_story, column) in registry.TOLD_IN.items():
        assert column in {field.column for field in apps.get_model(label)._meta.local_concrete_fields}


@pytest.mark.parametrize("app", APPS_ABOVE, ids=lambda app: app.label)
def test_an_app_registers_rows_of_its_own_alone(app):
    words = Path(app.path, "history_words.py")
    source = words.read_text(encoding="utf-8") if words.exists() else ""
    registered = registry.ROW_NAMES.keys() | registry.TOLD_IN.keys() | registry.FOLDED.keys()
    others = {label for label in registered | registry.UNTRACED if not label.startswith(f"{app.label}.")}
    assert not {label for label in others if f'"{label}"' in source}


def field_names_of(app: AppConfig) -> set[str]:
    fields = chain.from_iterable(model._meta.get_fields() for model in app.get_models())
    return {field.name for field in fields}


def test_a_word_of_one_app_stays_in_that_app():
    """The shared words are those of fields that several apps have."""
    source = (FOLDER / "history_words.py").read_text(encoding="utf-8")
    shared = {name for name in registry.FIELD_NAMES if f'"{name}": _(' in source}
    apps_with = {name: {app.label for app in APPS_ABOVE if name in field_names_of(app)} for name in shared}
    assert shared and not {name: having for name, having in apps_with.items() if len(having) < 2}


def test_nothing_is_registered_twice():
    with pytest.raises(ValueError, match="outcome"):
        registry.register(field_names={"outcome": registry.FIELD_NAMES["note"]})
