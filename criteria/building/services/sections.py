"""Writing the sections of a set that is being built."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Action, Via
from archiveportal.history.services import differences, record, refuse_stale
from archiveportal.refusal import Refused
from criteria.building.outline import Branch, Outline, outline_of
from criteria.building.services.arranging import arrange, locked_set, numbers_that_follow, write_arrangement
from criteria.models import CriteriaSet, Criterion, Section
from criteria.models.sections import MOST_LEVELS

SECTION_FIELDS = ("number", "title", "title_en", "parent", "points")


@transaction.atomic
def add_section(*, section: Section, by: User, via: str = Via.PAGE) -> Section:
    """Add a section as the last one below its parent. A number left empty is proposed."""
    criteria_set = locked_set(section.criteria_set, by)
    outline = outline_of(criteria_set)
    following = numbers_that_follow(outline)
    _refuse_too_deep(outline, section, depth=1)
    section.position = len(outline.branches) + len(outline.lost_sections) + 1
    section.save(force_insert=True)
    arrange(criteria_set, following)
    section.refresh_from_db()
    stated = {name: (None, getattr(section, name)) for name in SECTION_FIELDS if getattr(section, name)}
    record(about=section, by=by, via=via, action=Action.CREATED, changes=stated)
    return section


@transaction.atomic
def edit_section(*, section: Section, made_on: str, by: User, via: str = Via.PAGE) -> None:
    """Save what differs; below another parent it becomes the last one there.

    Raises `Stale`, and `Refused` for a parent that lies below it or leaves no room for its levels.
    """
    criteria_set = locked_set(section.criteria_set, by)
    outline = outline_of(criteria_set)
    before = Section.objects.get(pk=section.pk)
    refuse_stale(stored=before, typed=section, names=SECTION_FIELDS, made_on=made_on)
    own = outline.branch_of(before) if section.pk not in {lost.pk for lost in outline.lost_sections} else Branch()
    if section.parent_id in {branch.section.pk for branch in own.walk() if branch.section}:
        raise Refused({"parent": _("A section does not stand below itself.")})
    _refuse_too_deep(outline, section, depth=own.depth)
    changes = differences(before, section, SECTION_FIELDS)
    if not changes:
        return
    following = numbers_that_follow(outline)
    if "number" in changes:
        following -= {("section", section.pk)}
    section.save(update_fields=list(changes))
    arrange(criteria_set, following)
    changes = differences(before, Section.objects.get(pk=section.pk), (*SECTION_FIELDS, "position"))
    record(about=section, by=by, via=via, changes=changes)


@transaction.atomic
def move_section(*, section: Section, is_up: bool, by: User, via: str = Via.PAGE) -> None:
    """Change places with the section above or below it; at the end nothing happens."""
    criteria_set = locked_set(section.criteria_set, by)
    outline = outline_of(criteria_set)
    following = numbers_that_follow(outline)
    siblings = outline.branch_of(section.parent).branches
    place = next(place for place, branch in enumerate(siblings) if branch.section and branch.section.pk == section.pk)
    beside = place - 1 if is_up else place + 1
    if beside not in range(len(siblings)):
        return
    siblings[place], siblings[beside] = siblings[beside], siblings[place]
    write_arrangement(outline, following)
    record(about=criteria_set, by=by, via=via, name=str(section), changes={"place": (place + 1, beside + 1)})


@transaction.atomic
def remove_section(*, section: Section, by: User, via: str = Via.PAGE) -> None:
    """Take away a section; what stands in it moves to the end of the section above."""
    criteria_set = locked_set(section.criteria_set, by)
    following = numbers_that_follow(outline_of(criteria_set))
    inside = Criterion.objects.filter(criteria_set=criteria_set, section=section)
    if section.parent_id is None and inside.exists() and not _can_stand_alone(criteria_set, section):
        raise Refused(_("Criteria stand in this section. Move them to another one first, or remove them."))
    inside.update(section=section.parent)
    Section.objects.filter(criteria_set=criteria_set, parent=section).update(parent=section.parent)
    record(about=criteria_set, by=by, via=via, name=str(section), changes={"section": (section.title, None)})
    section.delete()
    arrange(criteria_set, following)


def _can_stand_alone(criteria_set: CriteriaSet, section: Section) -> bool:
    """Without any section, criteria stand in none, as in the set of phase 1."""
    return not Section.objects.filter(criteria_set=criteria_set).exclude(pk=section.pk).exists()


def _refuse_too_deep(outline: Outline, section: Section, *, depth: int) -> None:
    known = {branch.section.pk for branch in outline.branches if branch.section}
    if section.parent_id and section.parent_id not in known:
        raise Refused({"parent": _("Choose a section of this set that stands below no circle.")})
    level = outline.branch_of(section.parent).level if section.parent_id else 0
    if level + depth > MOST_LEVELS:
        message = _("Sections nest to %(count)d levels. Choose a section further up.")
        raise Refused({"parent": message % {"count": MOST_LEVELS}})
