"""One answer at a time: saved as it is given, sent later from a device, and what was kept decided on."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from archiveportal.accounts.access import needs
from archiveportal.errors import wants_json
from archiveportal.fields import CleanText, WholeNumber, clean_each
from archiveportal.history.models import Via
from archiveportal.refusal import Refused
from archiveportal.vietnamese import number
from criteria.inspections.forms.checklist import as_given, fingerprint
from criteria.inspections.models import Enrolment, Inspection, KeptAnswer, Result
from criteria.inspections.queries.kept import beside, kept_for
from criteria.inspections.services import FIELDS, save_answer, settle_kept, values_of
from criteria.inspections.services.sending import Received, Sent
from criteria.inspections.services.typed import DAY, SHOWN_ON, Incomplete
from criteria.inspections.views.checklist import back_to
from criteria.inspections.views.senders import CHOSEN, from_its_person

LARGEST_KEY = 2**31 - 1
#: longer than a device keeps answers; a span beyond it says that its times are no times
LONGEST_WAIT = datetime.timedelta(days=366)


class Moment(forms.DateTimeField):
    """A time with its zone, as devices write it."""

    def to_python(self, value: Any) -> datetime.datetime | None:
        if value in self.empty_values:
            return None
        try:
            moment = datetime.datetime.fromisoformat(str(value).strip())
            return moment.astimezone(datetime.UTC) if moment.tzinfo else self._refuse()
        except (ValueError, OverflowError):
            return self._refuse()

    def _refuse(self) -> None:
        raise ValidationError(self.error_messages["invalid"], code="invalid")


#: what is sent around the answer; faults here are the device's, not the person's
AROUND: dict[str, forms.Field] = {
    "user": WholeNumber(least=1, most=LARGEST_KEY),
    "set": WholeNumber(least=1, most=LARGEST_KEY),
    "criterion": CleanText(limit=20),
    "submission_id": forms.UUIDField(),
    "base_version": WholeNumber(most=LARGEST_KEY, required=False),
    "via": forms.ChoiceField(choices=[(way, way) for way in (Via.AUTOSAVE, Via.OFFLINE)]),
    "made_at": Moment(required=False),
    "device_now": Moment(required=False),
}


def _typed_at(made_at: datetime.datetime | None, device_now: datetime.datetime | None) -> datetime.datetime:
    """Return when it was typed by the portal's clock, however wrong that of the device is."""
    now = timezone.now()
    if made_at is None:
        return now
    waited = (device_now or now) - made_at
    # Else the clock was set between typing and sending, or it counts from no known beginning.
    is_a_wait = datetime.timedelta(0) <= waited <= LONGEST_WAIT
    return now - waited if is_a_wait else now


@require_POST
@from_its_person()
@needs("can_inspect")
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Saves one answer; see `save_answer`. The answer to it is always JSON."""
    asked, faults = clean_each(AROUND, request.POST)
    if faults:
        return _unreadable(faults)
    try:
        received = _received(request, pk, asked)
    except (Inspection.DoesNotExist, OverflowError):
        raise Http404 from None
    except Incomplete as fault:
        return _unreadable([fault.message])
    except ValidationError as refusal:
        return _refused(refusal)
    except IntegrityError:
        return _unreadable(["submission_id"])
    return JsonResponse(_answer(request, received))


def _received(request: HttpRequest, pk: int, asked: dict[str, Any]) -> Received:
    sent = Sent(
        code=asked["criterion"],
        criteria_set=asked["set"],
        base_version=asked["base_version"] or 0,
        submission_id=asked["submission_id"],
        made_at=_typed_at(asked["made_at"], asked["device_now"]),
        typed={name: request.POST[name] for name in (DAY, SHOWN_ON, *FIELDS) if name in request.POST},
    )
    call = {"pk": pk, "sent": sent, "by": request.user, "via": asked["via"]}
    try:
        return save_answer(**call)
    except IntegrityError:
        # The same save came twice at the same moment: the second gets the answer of the first.
        return save_answer(**call)


def _unreadable(names: Iterable[str]) -> JsonResponse:
    message = _("The portal could not read this answer. It stays on this device; load the page again and repeat it.")
    return JsonResponse({"message": message, "fields": sorted(names)}, status=400)


def _refused(refusal: ValidationError) -> JsonResponse:
    errors = {}
    if hasattr(refusal, "error_dict"):
        errors = {name: " ".join(messages) for name, messages in refusal.message_dict.items()}
    message = " ".join(errors.values() or refusal.messages)
    return JsonResponse({"state": "refused", "message": message, "errors": errors})


def _answer(request: HttpRequest, received: Received) -> dict[str, Any]:
    """Return the JSON of an answer that was saved, or kept. While one is kept, `seen` stays that of
    what was sent: typing on changes what was kept, not the colleague's answer."""
    values = received.values
    if received.criterion:
        values = as_given(received.criterion, values)
    told = {
        "state": received.state,
        "version": received.version,
        "saved_at": f"{timezone.localtime(received.received_at):%H:%M}",
        "message": received.message,
        "errors": {},
        "html": "",
        "values": _shown(values),
        "checklist": _standing(received.inspection),
    }
    if received.kept is None:
        return told | {"seen": _seen(received.version, values)}
    told["seen"] = _seen(received.kept.base_version, values)
    if received.kept.decision:
        return told | {"message": _("Somebody has decided on this answer already.")}
    told["html"] = _box(request, received)
    return told


def _seen(version: int, values: dict[str, Any]) -> str:
    if DAY in values:
        return str(values[DAY] or "")
    return f"{version}:{fingerprint(values)}"


def _shown(values: dict[str, Any]) -> dict[str, str]:
    """Return the values as the form shows them; those that most answers leave blank where they are given."""
    if DAY in values:
        return {DAY: f"{values[DAY]:%d/%m/%Y}" if values[DAY] else ""}
    given = {name: value for name, value in values.items() if name in FIELDS[:4] or value is not None}
    return {name: _in_form(name, value) for name, value in given.items()}


def _in_form(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    return number(value) if name in ("number", "of_number") else str(value)


def _standing(inspection: Inspection) -> dict[str, Any]:
    apart = {"deducted": inspection.deducted, "bonus": inspection.bonus}
    return {
        "version": inspection.version,
        "points": float(inspection.score),
        "maximum": float(inspection.maximum),
        "met": inspection.met_criteria,
        "open": inspection.open_criteria,
        **{name: float(points) for name, points in apart.items() if points},
    }


def _box(request: HttpRequest, received: Received) -> str:
    box = beside(
        received.kept,
        received.theirs,
        inspection=received.inspection,
        user=request.user,
        message=received.message,
    )
    return render_to_string("inspections/parts/kept.html", {"kept": box}, request)


@require_POST
@from_its_person(CHOSEN)
@needs("can_inspect")
def settle(request: HttpRequest, pk: int, kept: int) -> HttpResponse:
    """Takes an answer that was kept into the checklist, or drops it."""
    enrolment = get_object_or_404(Enrolment.objects.visible_to(request.user), pk=pk)
    answers = kept_for(request.user).filter(inspection__enrolment=enrolment)
    answers = answers.select_related("inspection__enrolment__round__criteria_set", "criterion", "sent_by")
    answer = get_object_or_404(answers, pk=kept)
    take, seen = request.POST.get("take"), request.POST.get("seen", request.GET.get("seen", ""))
    if take not in ("0", "1") or (seen and not (seen.isdecimal() and len(seen) < 10)):
        return _unreadable(["take"])
    wanted = KeptAnswer.Decision.TAKEN if take == "1" else KeptAnswer.Decision.DROPPED
    refusal = ""
    # The same button pressed twice gets the same answer.
    if (answer.decision, answer.decided_by_id) != (wanted, request.user.pk):
        try:
            settle_kept(kept=answer, take=take == "1", seen=_number(seen), by=request.user, via=Via.PAGE)
        except Refused as refused:
            refusal = refused.message
    if not wants_json(request):
        place = answer.criterion.code if answer.criterion else ""
        return back_to(request, pk, place, refused=refusal, done=_("Your choice is saved."))
    if refusal:
        return JsonResponse({"state": "refused", "message": refusal, "errors": {}})
    return JsonResponse(_settled(request, answer))


def _number(seen: str) -> int | None:
    return int(seen) if seen else None


def _settled(request: HttpRequest, kept: KeptAnswer) -> dict[str, Any]:
    """Return the present value at the place that was decided on."""
    inspection = Inspection.objects.visible_to(request.user).get(pk=kept.inspection_id)
    if kept.criterion is None:
        values, version = {DAY: inspection.inspected_on}, 0
    else:
        result = Result.objects.visible_to(request.user).filter(inspection=inspection, criterion=kept.criterion).first()
        values, version = values_of(result), result.version if result else 0
    received = Received("saved", inspection, version, values, criterion=kept.criterion)
    return _answer(request, received)
