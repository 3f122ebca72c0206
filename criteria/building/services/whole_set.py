"""A whole set at once: read as a specification, and written from one as a draft that nobody uses yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Model, ProtectedError
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Action, Event, Via
from archiveportal.history.services import event, record_all
from archiveportal.refusal import Refused
from archiveportal.vietnamese import number
from criteria.building.services.citing import cite_acts
from criteria.building.services.taking_over import begin_from, english_titles, forerunners_of, take_over_acts
from criteria.models import (
    FROZEN,
    Band,
    Bar,
    BarCondition,
    Citation,
    CriteriaSet,
    Criterion,
    Crossing,
    Option,
    RatioStep,
    Section,
    SetKind,
)
from criteria.services import ASKED_FIELDS, REWORDED, mark_reworded
from criteria.specification import (
    BandSpec,
    BarSpec,
    ConditionSpec,
    CrossingSpec,
    LeafSpec,
    OptionSpec,
    SectionSpec,
    SetSpecification,
    StepSpec,
    section_path,
)

SET_FIELDS = (
    *("name", "legal_basis", "note", "announced_total", "bands_by", "allows_not_applicable", "not_applicable_counts"),
    *("allows_not_shown", "allows_excused", "deduction_cap", "bonus_cap"),
)
#: fields that a criterion and its specification have under one name
LEAF_FIELDS = (
    *("code", "name", "kind", "points", "printed_number", "heading", "sign", "check_way", "guidance"),
    *("evidence_needed", "legal_basis", "needs_evidence", "needs_explanation", "fact_kind", "fact_label"),
    *("fact_unit", "threshold", "threshold_rule", "deadline"),
)
SECTION_FIELDS = ("number", "title", "title_en", "points", "parent", "position")
#: of a criterion beside `LEAF_FIELDS`
CRITERION_FIELDS = ("section", "parent", "group", "position", "number", "is_counted", "has_outcome")
#: positions of a set that is written anew begin here for a moment, so that no two rows share one
ASIDE = 10_000
Kind = Criterion.Kind


def specification_of(criteria_set: CriteriaSet) -> SetSpecification:
    """Return a stored set as a specification, in nine queries."""
    paths = _paths(list(criteria_set.sections.order_by("position")))
    return SetSpecification(
        code=criteria_set.code,
        version=criteria_set.version,
        **{name: getattr(criteria_set, name) for name in SET_FIELDS},
        kinds=tuple(sorted(row.kind for row in criteria_set.kinds.all())),
        sections=tuple(section for _key, section in sorted(paths.values(), key=lambda each: each[0])),
        leaves=_leaves_of(criteria_set, {key: section.path for key, (_place, section) in paths.items()}),
        bands=tuple(_band_of(row, criteria_set.bands_by) for row in criteria_set.bands.order_by("position")),
        bars=_bars_of(criteria_set),
    )


def _paths(rows: Sequence[Section]) -> dict[int, tuple[int, SectionSpec]]:
    """Return {key: (place, specification)} of sections, each before those below it."""
    found: dict[int, tuple[int, SectionSpec]] = {}
    below: dict[str, int] = {}
    for place, row in enumerate(rows):
        above = found.get(row.parent_id or 0)
        parent = above[1].path if above else ""
        below[parent] = below.get(parent, 0) + 1
        path = section_path(parent, row.number, below[parent])
        made = SectionSpec(path, row.title, number=row.number, parent=parent, points=row.points)
        found[row.pk] = (place, made)
    return found


def _leaves_of(criteria_set: CriteriaSet, paths: dict[int, str]) -> tuple[LeafSpec, ...]:
    rows = list(criteria_set.criteria.order_by("position"))
    codes = {row.pk: row.code for row in rows}
    options: dict[int, list[OptionSpec]] = {}
    for option in criteria_set.options.order_by("position"):
        options.setdefault(option.criterion_id, []).append(OptionSpec(option.text, option.points))
    steps: dict[int, list[StepSpec]] = {}
    for step in criteria_set.ratio_steps.order_by("lower_percent"):
        steps.setdefault(step.criterion_id, []).append(StepSpec(step.lower_percent, step.points))
    return tuple(
        LeafSpec(
            **{name: getattr(row, name) for name in LEAF_FIELDS},
            section=paths.get(row.section_id or 0, ""),
            parent=codes.get(row.parent_id or 0, ""),
            options=tuple(options.get(row.pk, ())),
            steps=tuple(steps.get(row.pk, ())),
        )
        for row in rows
    )


def _band_of(row: Band, bands_by: str) -> BandSpec:
    if bands_by == CriteriaSet.BandsBy.POINTS and row.lower_points is not None:
        return BandSpec(row.label, row.lower_points, row.upper_points)
    return BandSpec(row.label, row.lower_percent, row.upper_percent)


def _bars_of(criteria_set: CriteriaSet) -> tuple[BarSpec, ...]:
    conditions: dict[int, list[ConditionSpec]] = {}
    for row in criteria_set.bar_conditions.select_related("criterion", "option").order_by("pk"):
        option = row.option.text if row.option else ""
        conditions.setdefault(row.bar_id, []).append(ConditionSpec(row.criterion.code, row.outcome, option))
    bars = criteria_set.bars.select_related("highest_band").order_by("position")
    return tuple(BarSpec(tuple(conditions.get(bar.pk, ())), bar.highest_band.label) for bar in bars)


def crossings_stored(criteria_set: CriteriaSet) -> tuple[CrossingSpec, ...]:
    """Return the crosswalk of a stored set, by the codes of its criteria."""
    rows = criteria_set.crossings.select_related("old_criterion", "new_criterion").order_by("pk")
    return tuple(
        CrossingSpec(_code(row.old_criterion), _code(row.new_criterion), row.relation, row.note) for row in rows
    )


def _code(criterion: Criterion | None) -> str:
    return criterion.code if criterion else ""


@transaction.atomic
def write_whole_set(*, specification: SetSpecification, by: User | None, via: str = Via.PAGE) -> CriteriaSet:
    """Write a set as a draft: a new one, the next version, or one that is not in use yet, which then is as specified.

    Criteria keep their rows, acts and sentences by their codes. `by` is None for the portal itself. Raises `Refused`
    for a version in use, and for other roles.
    """
    if by is not None and not by.can_approve:
        raise Refused(_("Your role does not change criteria sets."))
    versions = list(CriteriaSet.objects.select_for_update().filter(code=specification.code).order_by("version"))
    stored = next((each for each in versions if each.version == specification.version), None)
    if stored and not stored.may_be_written:
        raise ValidationError(FROZEN)
    before = versions[-1] if versions and stored is None else None
    basis = stored.legal_basis if stored else ""
    criteria_set = stored or CriteriaSet(code=specification.code, version=specification.version)
    events = [_write_set(criteria_set, specification, before=before, by=by, via=via)]
    writer = _Writer(criteria_set, specification, is_new=stored is None, by=by, via=via)
    try:
        writer.write()
        writer.cite(basis)
    except ProtectedError:
        message = _("The crosswalk of a later version names a criterion that would go. Change that version.")
        raise Refused(message) from None
    record_all([*filter(None, events), *writer.events])
    return criteria_set


def _write_set(
    criteria_set: CriteriaSet,
    specification: SetSpecification,
    *,
    before: CriteriaSet | None,
    by: User | None,
    via: str,
) -> Event | None:
    is_new = criteria_set.pk is None
    old = {name: None if is_new else getattr(criteria_set, name) for name in SET_FIELDS}
    for name in SET_FIELDS:
        setattr(criteria_set, name, getattr(specification, name))
    if is_new:
        criteria_set.status, criteria_set.replaces = CriteriaSet.Status.DRAFT, before
    criteria_set.save()
    new = {name: getattr(criteria_set, name) for name in SET_FIELDS}
    changes = {name: (value, new[name]) for name, value in old.items() if value != new[name] and (value or new[name])}
    if not is_new and not changes:
        return None
    return event(
        about=criteria_set, by=by, via=via, action=Action.CREATED if is_new else Action.CHANGED, changes=changes
    )


class _Writer:
    """Writes the parts of a set and keeps their events; what is there already is found by code."""

    def __init__(
        self, criteria_set: CriteriaSet, specification: SetSpecification, *, is_new: bool, by: User | None, via: str
    ):
        self.set, self.specification, self.by, self.via = criteria_set, specification, by, via
        self.is_new = is_new
        self.forerunners = forerunners_of(criteria_set, specification) if is_new else {}
        self.before = specification_of(criteria_set)
        self.events: list[Event] = []
        self.sections: dict[str, Section] = {}
        self.criteria: dict[str, Criterion] = {}
        self.bands: dict[str, Band] = {}
        self.lost_sections: list[Section] = []

    def write(self) -> None:
        if self._is_as_specified():
            return
        self._clear()
        self._write_sections()
        self._write_criteria()
        self._remove_lost_sections()
        self._write_rows()
        self._write_bands()
        self._write_bars()
        self._write_kinds()
        self._write_crossings()
        if self.is_new:
            for row in take_over_acts(self.set, self.forerunners, self.criteria):
                self._tell(row, Action.CREATED)

    def cite(self, basis: str) -> None:
        """Cite the acts that the legal bases name; `basis` is what the set had before."""
        for row, action in cite_acts(self.specification, self.before, self.set, criteria=self.criteria, basis=basis):
            self._tell(row, action)

    def _is_as_specified(self) -> bool:
        parts = ("sections", "leaves", "bands", "bars", "kinds")
        is_same = all(getattr(self.before, name) == getattr(self.specification, name) for name in parts)
        return is_same and not self.specification.crossings

    def _tell(self, row: Model, action: Action, changes: dict[str, Any] | None = None) -> None:
        self.events.append(event(about=row, by=self.by, via=self.via, action=action, changes=changes))

    def _clear(self) -> None:
        """Remove what is written anew, and put the rest aside so that positions and numbers are free."""
        for model in (BarCondition, Bar, Option, RatioStep, SetKind, Band):
            self._remove(model.objects.filter(criteria_set=self.set))
        kept = {leaf.code for leaf in self.specification.leaves}
        going = self.set.criteria.exclude(code__in=kept)
        crossings = Crossing.objects.filter(criteria_set=self.set)
        # A crosswalk that is not said anew stays, without the criteria that go.
        self._remove(crossings if self.specification.crossings else crossings.filter(new_criterion__in=going))
        self.set.criteria.filter(code__in=kept, parent__in=going).update(parent=None)
        # Parts come after what they are parts of, so they go before it.
        for criterion in going.order_by("-position"):
            self._remove(Citation.objects.filter(criterion=criterion))
            self._remove(Criterion.objects.filter(pk=criterion.pk))

    def _remove(self, rows: Any) -> None:
        for row in rows:
            self._tell(row, Action.VOIDED)
        rows.delete()

    def _write_sections(self) -> None:
        """Write the sections; one at the same path keeps its row."""
        rows = list(self.set.sections.order_by("position"))
        stored = {section.path: row for row, section in zip(rows, self.before.sections, strict=True)}
        english = english_titles(self.set)
        self.set.sections.update(position=F("position") + ASIDE)
        for position, spec in enumerate(self.specification.sections, start=1):
            row = stored.get(spec.path) or Section(criteria_set=self.set)
            old = _values(row, SECTION_FIELDS) if row.pk else {}
            row.number, row.title, row.points = spec.number, spec.title, spec.points
            row.title_en = english.get(spec.title, "")
            row.parent, row.position = self.sections.get(spec.parent), position
            action = Action.CHANGED if row.pk else Action.CREATED
            row.save()
            self.sections[spec.path] = row
            self._tell_changes(row, old, _values(row, SECTION_FIELDS), action=action)
        kept = {row.pk for row in self.sections.values()}
        self.lost_sections = [row for row in rows if row.pk not in kept]

    def _remove_lost_sections(self) -> None:
        """Remove the sections that are no more, after the criteria have moved to others."""
        for row in reversed(self.lost_sections):
            self._remove(Section.objects.filter(pk=row.pk))

    def _tell_changes(self, row: Model, old: dict[str, Any], new: dict[str, Any], *, action: Action) -> None:
        changes = {name: (old.get(name), value) for name, value in new.items() if old.get(name) != value}
        if action == Action.CREATED:
            changes = {name: change for name, change in changes.items() if change[1] not in (None, "", False)}
        if changes or action == Action.CREATED:
            self._tell(row, action, changes)

    def _write_criteria(self) -> None:
        stored = {row.code: row for row in self.set.criteria.select_related("section", "parent")}
        olds = {leaf.code: leaf for leaf in self.before.leaves}
        told = {code: _values(row, CRITERION_FIELDS) | _in_words(olds.get(code)) for code, row in stored.items()}
        self.set.criteria.update(number=None, is_counted=False, position=F("position") + ASIDE)
        counted = 0
        for position, spec in enumerate(self.specification.leaves, start=1):
            row = stored.get(spec.code) or begin_from(self.forerunners.get(spec.code), spec, self.set)
            is_scored = spec.kind not in Criterion.UNSCORED
            # One that is scored without counting stays so; a fact that is scored from now on counts.
            row.is_counted = is_scored and (row.is_counted or not row.has_outcome)
            row.has_outcome = is_scored
            counted += row.is_counted
            row.position, row.number = position, counted if row.is_counted else None
            for name in LEAF_FIELDS:
                setattr(row, name, getattr(spec, name))
            row.section, row.parent = self.sections.get(spec.section), self.criteria.get(spec.parent)
            self._write_group(row)
            if not row.can_be_added_up:
                row.indicator, row.fact_minimum = "", None
            action = Action.CHANGED if row.pk else Action.CREATED
            row.save()
            self.criteria[spec.code] = row
            old, new = told.get(spec.code, {}), _values(row, CRITERION_FIELDS) | _in_words(spec)
            is_other = any(old and old[name] != new[name] for name in ASKED_FIELDS)
            if is_other and mark_reworded(row):
                old, new = old | {"relation": REWORDED[0]}, new | {"relation": REWORDED[1]}
            self._tell_changes(row, old, new, action=action)

    def _write_group(self, row: Criterion) -> None:
        """Group a criterion, in lists and charts, by the title of its highest section."""
        section = row.section
        while section is not None and section.parent is not None:
            section = section.parent
        if section:
            row.group, row.group_en = section.title, section.title_en
        else:
            row.group = row.group or self.set.name

    def _write_rows(self) -> None:
        for spec in self.specification.leaves:
            criterion = self.criteria[spec.code]
            for position, option in enumerate(spec.options, start=1):
                values = {"position": position, "text": option.text, "points": option.points}
                Option(criteria_set=self.set, criterion=criterion, **values).save()
            for step in spec.steps:
                values = {"lower_percent": step.lower_percent, "points": step.points}
                RatioStep(criteria_set=self.set, criterion=criterion, **values).save()

    def _write_bands(self) -> None:
        by_points = self.specification.bands_by == CriteriaSet.BandsBy.POINTS
        for position, spec in enumerate(self.specification.bands, start=1):
            row = Band(criteria_set=self.set, position=position, label=spec.label)
            if by_points:
                row.lower_points, row.upper_points = spec.lower, spec.upper
            else:
                row.lower_percent, row.upper_percent = spec.lower, spec.upper
            row.save()
            self.bands[spec.label] = row
            self._tell(row, Action.CREATED, {"label": (None, spec.label)})

    def _write_bars(self) -> None:
        for position, spec in enumerate(self.specification.bars, start=1):
            bar = Bar(criteria_set=self.set, position=position, highest_band=self.bands[spec.highest_band])
            bar.save()
            self._tell(bar, Action.CREATED)
            for condition in spec.conditions:
                criterion = self.criteria[condition.criterion]
                option = criterion.options.get(text=condition.option) if condition.option else None
                values = {"criterion": criterion, "outcome": condition.outcome, "option": option}
                row = BarCondition(criteria_set=self.set, bar=bar, **values)
                row.save()
                self._tell(row, Action.CREATED)

    def _write_kinds(self) -> None:
        for kind in self.specification.kinds:
            row = SetKind(criteria_set=self.set, kind=kind)
            row.save()
            self._tell(row, Action.CREATED)

    def _write_crossings(self) -> None:
        replaced = self.set.replaces
        olds = {row.code: row for row in replaced.criteria.all()} if replaced else {}
        for spec in self.specification.crossings:
            row = Crossing(criteria_set=self.set, relation=spec.relation, note=spec.note)
            row.old_criterion, row.new_criterion = olds.get(spec.old), self.criteria.get(spec.new)
            row.save()
            self._tell(row, Action.CREATED)


def _values(row: Model, names: Sequence[str]) -> dict[str, Any]:
    """Return fields of a row; rows that it names are called by their words."""
    values = {name: getattr(row, name) for name in names}
    return {name: str(value) if isinstance(value, Model) else value for name, value in values.items()}


def _in_words(leaf: LeafSpec | None) -> dict[str, Any]:
    """Return a criterion with its options and steps as one text each, as the history tells them."""
    if leaf is None:
        return {}
    values = {name: getattr(leaf, name) for name in LEAF_FIELDS if name != "code"}
    return values | {
        "options": "; ".join(f"{each.text} = {number(each.points)}" for each in leaf.options),
        "steps": "; ".join(f"≥ {number(each.lower_percent)}% = {number(each.points)}" for each in leaf.steps),
    }
