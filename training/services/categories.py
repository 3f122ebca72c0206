"""Writing the categories of a scheme: their order, unit and rule, and that one was stopped."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action, Event, Via
from archiveportal.history.services import differences, event, record, record_all, refuse_stale
from archiveportal.refusal import Refused
from archiveportal.vietnamese import number, search_key
from training.models import Category, Course, Quota, Scheme, YearTarget
from training.services.schemes import refuse_printed, refuse_unless_setting
from training.summary_rules import enters_by_rule, is_after_stop

CATEGORY_FIELDS = ("name", "kind", "unit", "summary_rule", "stopped_on", "stop_reason")
#: categories of a scheme at most: a table of more can be read by nobody
MOST_CATEGORIES = 60


@transaction.atomic
def add_category(*, category: Category, by: User | None, via: str = Via.PAGE) -> Category:
    """Add a category at the end of its scheme, under a code made of its name."""
    scheme = _locked(category.scheme, by)
    others = list(scheme.categories.all())
    if len(others) >= MOST_CATEGORIES:
        raise Refused(_("A scheme has %(count)d categories at most.") % {"count": MOST_CATEGORIES})
    _refuse_bad_category(category, others)
    category.position = max((other.position for other in others), default=0) + 1
    category.code = _free_code(category.name, {other.code for other in others})
    category.save(force_insert=True)
    stated = {name: (None, getattr(category, name)) for name in CATEGORY_FIELDS if getattr(category, name)}
    record(about=category, by=by, via=via, action=Action.CREATED, changes=stated)
    return category


@transaction.atomic
def edit_category(*, category: Category, made_on: str, by: User | None, via: str = Via.PAGE) -> int:
    """Save what differs, and let the courses that follow the rule enter or leave the line.

    Returns how many courses did. Raises `Stale`, and `Refused` for a printed scheme, a name that is
    taken, and a unit in which courses of the line are not counted.
    """
    scheme = _locked(category.scheme, by)
    before = Category.objects.get(pk=category.pk)
    refuse_stale(stored=before, typed=category, names=CATEGORY_FIELDS, made_on=made_on)
    _refuse_bad_category(category, [other for other in scheme.categories.all() if other.pk != category.pk])
    changes = differences(before, category, CATEGORY_FIELDS)
    if not changes:
        return 0
    _refuse_contradicting_courses(category)
    category.save(update_fields=list(changes))
    moved = _apply_rule(category, by=by, via=via)
    record_all([event(about=category, by=by, via=via, changes=changes), *moved])
    return len(moved)


@transaction.atomic
def move_category(*, category: Category, is_up: bool, by: User | None, via: str = Via.PAGE) -> None:
    """Change places with the category above or below; at the end of the list nothing happens."""
    scheme = _locked(category.scheme, by)
    order = list(scheme.categories.order_by("position"))
    place = next(place for place, other in enumerate(order) if other.pk == category.pk)
    beside = place - 1 if is_up else place + 1
    if beside not in range(len(order)):
        return
    one, other = order[place], order[beside]
    old, new = one.position, other.position
    # The place of both is unique: one steps aside first.
    Category.objects.filter(pk=one.pk).update(position=order[-1].position + 1)
    Category.objects.filter(pk=other.pk).update(position=old)
    Category.objects.filter(pk=one.pk).update(position=new)
    record_all(
        [
            event(about=one, by=by, via=via, changes={"position": (old, new)}),
            event(about=other, by=by, via=via, changes={"position": (new, old)}),
        ]
    )


@transaction.atomic
def remove_category(*, category: Category, by: User | None, via: str = Via.PAGE) -> None:
    """Take away a category without courses and targets; others are stopped, so that what was held stays."""
    _locked(category.scheme, by)
    rows = (Course, Quota, YearTarget)
    if any(model._default_manager.filter(category=category).exists() for model in rows):
        raise Refused(_("This category has courses or targets. Enter the day on which it was stopped instead."))
    record(about=category, by=by, via=via, action=Action.DELETED, changes={"name": (category.name, None)})
    category.delete()


def _locked(scheme: Scheme, by: User | None) -> Scheme:
    refuse_unless_setting(by)
    scheme = Scheme.objects.select_for_update().get(pk=scheme.pk)
    refuse_printed(scheme)
    return scheme


def _refuse_bad_category(category: Category, others: list[Category]) -> None:
    refuse_far_days(category.stopped_on)
    if search_key(category.name) in {search_key(other.name) for other in others}:
        raise Refused({"name": _("Another category of this scheme has this name.")})
    if category.stopped_on and not category.stop_reason:
        raise Refused({"stop_reason": _("Say why the category is stopped.")})
    if category.stop_reason and not category.stopped_on:
        raise Refused({"stopped_on": _("Enter the day on which it was stopped.")})


def _refuse_contradicting_courses(category: Category) -> None:
    """Courses that decide themselves to enter the line must fit its unit and its last day."""
    deciding = category.courses.standing().filter(enters_summary=True, follows_rule=False)
    course: Course | None = deciding.exclude(unit=category.unit).first()
    if course:
        message = _("“%(course)s” enters this line and is counted in another unit. Please correct the course first.")
        raise Refused({"unit": message % {"course": course}})
    _refuse_targets_after_stop(category)
    for course in deciding:
        course.category = category
        if is_after_stop(course):
            message = _("“%(course)s” enters this line and began after that day. Please correct the course first.")
            raise Refused({"stopped_on": message % {"course": course}})


def _refuse_targets_after_stop(category: Category) -> None:
    """The decision that stops a category sets the targets of later years anew, before it is stopped."""
    if category.stopped_on is None:
        return
    later = YearTarget.objects.in_force().filter(category=category, year__gt=category.stopped_on.year, target__gt=0)
    target = later.order_by("year").first()
    if target:
        message = _("%(year)s still has a target of %(target)s. Please set the targets of later years to 0 first.")
        raise Refused({"stopped_on": message % {"year": target.year, "target": number(target.target)}})


def _apply_rule(category: Category, *, by: User | None, via: str) -> list[Event]:
    """Write anew which of the following courses enter the line; return their events."""
    moved = []
    for course in category.courses.standing().filter(follows_rule=True):
        course.category = category
        enters = enters_by_rule(course)
        if enters != course.enters_summary:
            course.enters_summary, course.changed_by, course.changed_at = enters, by, timezone.now()
            course.version += 1
            moved.append(course)
    Course.objects.bulk_update(moved, ["enters_summary", "changed_by", "changed_at", "version"])
    pairs = ((course, {"enters_summary": (not course.enters_summary, course.enters_summary)}) for course in moved)
    return [event(about=course, by=by, via=via, changes=changes) for course, changes in pairs]


def _free_code(name: str, taken: set[str]) -> str:
    """Return a code for addresses and files: "boi-duong-ngan-han", with a number where it is taken."""
    stem = slugify(search_key(name))[:32].strip("-") or "loai-hinh"
    code, ordinal = stem, 2
    while code in taken:
        code, ordinal = f"{stem}-{ordinal}", ordinal + 1
    return code
