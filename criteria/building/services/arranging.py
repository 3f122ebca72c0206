"""The order of a set and the numbers that follow from it, written after each change of its tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.refusal import Refused
from criteria.building.numbers import LIMIT, Following, styles_of
from criteria.building.outline import Branch, Leaf, Outline, outline_of
from criteria.models import FROZEN, CriteriaSet, Criterion, Section

#: positions step aside by so much while they are written anew: each is unique in its set
ASIDE = 20_000
SECTION_PLACES = ("position", "number")
CRITERION_PLACES = ("position", "number", "printed_number", "group", "group_en")


def locked_set(criteria_set: CriteriaSet, by: User) -> CriteriaSet:
    """Lock a set that is being built. Raises `Refused` for other roles and for a set in use."""
    refuse_unless_building(by)
    locked = CriteriaSet.objects.select_for_update().get(pk=criteria_set.pk)
    if locked.frozen_at:
        raise Refused(FROZEN)
    if locked.status not in CriteriaSet.UNPUBLISHED:
        raise Refused(_("This version is in force or was. Make a new version of it to change something."))
    return locked


def refuse_unless_building(by: User) -> None:
    if not by.can_approve:
        raise Refused(_("Your role does not change criteria sets."))


def numbers_that_follow(outline: Outline) -> Following:
    """Return the rows whose printed number is blank or as proposed: it follows when they are moved."""
    keys = frozenset(key for key, row, proposed in _numbered(outline) if _printed(row) in ("", proposed))
    return Following(keys, styles_of(outline.top))


def _numbered(outline: Outline) -> Iterator[tuple[tuple[str, int], Section | Criterion, str]]:
    for branch in outline.branches:
        assert branch.section
        yield ("section", branch.section.pk), branch.section, branch.proposed
    for leaf in outline.leaves:
        yield ("criterion", leaf.criterion.pk), leaf.criterion, leaf.proposed


def _printed(row: Section | Criterion) -> str:
    return row.number if isinstance(row, Section) else row.printed_number


def arrange(criteria_set: CriteriaSet, following: Following | None = None) -> None:
    """Write order and numbers as the stored rows have them; rows added since follow their place."""
    write_arrangement(outline_of(criteria_set), following)


def write_arrangement(outline: Outline, following: Following | None = None) -> None:
    """Write positions, numbers and headings of groups of every row that differs from its place in the tree.

    `following` are the rows whose printed number is proposed; None proposes none anew but blank ones.
    """
    outline.propose_numbers(following)
    sections = list(_placed_sections(outline, following))
    criteria = list(_placed_criteria(outline, following))
    _step_aside(Section, sections, {"position": F("position") + ASIDE})
    _step_aside(Criterion, criteria, {"position": F("position") + ASIDE, "number": F("number") + ASIDE})
    Section.objects.bulk_update(sections, SECTION_PLACES)
    Criterion.objects.bulk_update(criteria, CRITERION_PLACES)


def _step_aside(model: type[Section] | type[Criterion], rows: list[Any], values: dict[str, Any]) -> None:
    if rows:
        model.objects.filter(pk__in=[row.pk for row in rows]).update(**values)


def _placed_sections(outline: Outline, following: Following | None) -> Iterator[Section]:
    for position, branch in enumerate(outline.branches, start=1):
        section = branch.section
        assert section
        follows = not section.number or ("section", section.pk) in (following or ())
        wanted = (position, branch.proposed if follows else section.number)
        if (section.position, section.number) != wanted:
            section.position, section.number = wanted
            yield section


def _placed_criteria(outline: Outline, following: Following | None) -> Iterator[Criterion]:
    counted = 0
    for position, (branch, leaf) in enumerate(_leaves_with_branches(outline.top, None), start=1):
        criterion = leaf.criterion
        counted += criterion.is_counted
        wanted = {
            "position": position,
            "number": counted if criterion.is_counted else None,
            "printed_number": _number_of(branch, leaf, following),
            "group": branch.section.title if branch and branch.section else criterion.group,
            "group_en": branch.section.title_en if branch and branch.section else criterion.group_en,
        }
        if any(getattr(criterion, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(criterion, name, value)
            yield criterion


def _number_of(branch: Branch | None, leaf: Leaf, following: Following | None) -> str:
    """Return the printed number; outside of sections the running number alone is printed."""
    typed = leaf.criterion.printed_number
    follows = not typed or ("criterion", leaf.criterion.pk) in (following or ())
    if not follows:
        return typed
    return leaf.proposed[:LIMIT] if branch else ""


def _leaves_with_branches(branch: Branch, top: Branch | None) -> Iterator[tuple[Branch | None, Leaf]]:
    """Yield each criterion with the section of the first level that it stands in."""
    for leaf in branch.leaves:
        yield top, leaf
        for part in leaf.parts:
            yield top, part
    for below in branch.branches:
        yield from _leaves_with_branches(below, top or below)
