"""The names of the fields, deeds and rows of inspections in the history."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from archiveportal.history.models import Action
from archiveportal.history.registry import BY_TABLE, Folded, register
from criteria import outcomes

# The SQL is part of the triggers, and the name of a trigger holds its hash: a blank more or less
# here takes every one of them down and puts it up again.
_OF_ENROLMENT = (
    "(SELECT w.name || ' – ' || r.name FROM inspections_enrolment e "
    "JOIN wards_ward w ON w.id = e.ward_id "
    "JOIN inspections_round r ON r.id = e.round_id WHERE e.id = {row}.%s)"
)
_OF_UNIT = (
    "(SELECT w.name FROM inspections_enrolment e JOIN wards_ward w ON w.id = e.ward_id WHERE e.id = {row}.enrolment_id)"
)
_OF_CRITERION = (
    "(SELECT CASE WHEN c.number IS NULL THEN c.name ELSE c.number || '. ' || c.name END "
    "FROM criteria_criterion c WHERE c.id = {row}.criterion_id)"
)

register(
    field_names={
        "outcome": _("answer"),
        "option": _("option"),
        "of_number": _("out of"),
        "earned": _("points"),
        "inspected_on": _("inspected on"),
        "started_at": _("begun at"),
        "ended_at": _("ended at"),
        "ward_remarks": _("remarks of the ward"),
        "recommendations": _("general recommendations"),
        "inspected_content": _("what is inspected"),
        "verified_result": _("verified result"),
        "others_remarks": _("remarks of others concerned"),
        "refusal_reason": _("why the unit does not sign"),
        "copies": _("number of copies"),
        "signed_on": _("day of signing"),
        "scan": _("scan of the signed minutes"),
        "members": _("members"),
        "evidence": _("evidence"),
        "caption": _("what it shows"),
        "recommendation": _("recommendation"),
        "due_on": _("to be put right by"),
        "team": _("inspection team"),
        "reopening_reason": _("reason"),
        "round.funding": _("cost at the units"),
        "round.units": _("units in the round"),
        "rounddocument.number": _("document number"),
        "round.kind": _("kind of inspection"),
        "decision.units": _("units of the decision"),
        "decision.announced_on": _("announced on"),
        "decision.extension": _("extension of the inspection"),
        "decision.until_on": _("last day of the pause"),
        "decision.from_on": _("paused from"),
        "decision.stopped_on": _("stopped on"),
        "decision.reason": _("reason"),
        "decision.number": _("document number"),
        "decision.members": _("change of the team"),
        "decision.voided_at": _("voided"),
        "planapproval.number": _("document number"),
        "planapproval.voided_at": _("voided"),
        "team.conditions_reviewed_on": _("conditions reviewed on"),
        "received_documents": _("documents received"),
        "message": _("message"),
        "is_distant": _("verified from a distance"),
        "question.due_on": _("answer until"),
        "selfassessment.is_confirmed_on_paper": _("confirmed on paper"),
        "selfassessment.signatory": _("signed by"),
        "officialpaper.words": _("words that people wrote"),
        "officialpaper.to_sign": _("copy to sign"),
        "officialpaper.numbered": _("file with the number"),
        "officialpaper.signed": _("signed copy"),
        "swappedday.day": _("day"),
        "swappedday.is_off": _("nobody works"),
        "swappedday.reason": _("reason"),
    },
    value_names={
        **{("outcome", code): label for code, label in outcomes.choices()},
        ("status", "draft"): _("draft"),
        ("status", "signed"): _("minutes signed"),
        ("status", "submitted"): _("waiting for approval"),
        ("status", "returned"): _("returned for additions"),
        ("status", "approved"): _("approved"),
    },
    deeds={
        # A piece of evidence is not the checklist that the event is about.
        (Action.CREATED, "evidence"): _("added evidence"),
        (Action.SIGNED, "inspections.selfassessment"): _("confirmed it as leader of the unit"),
        (Action.DROPPED, "inspections.selfassessment"): _("withdrew it"),
        (Action.ACCEPTED, "inspections.selfassessment"): _("accepted it"),
        # Choosing between two answers is not judging what a unit put right.
        (Action.ACCEPTED, "inspections.keptanswer"): _("chose the answer that was kept"),
        (Action.DROPPED, "inspections.keptanswer"): _("left the answer that stands in the checklist"),
    },
    folded={
        "inspections.inspection": Folded(
            fields=frozenset({"outcome", "note"}),
            count=ngettext_lazy("%(count)d answer", "%(count)d answers", "count"),
        ),
    },
    row_names={
        "inspections.result": _OF_CRITERION,
        "inspections.selfanswer": _OF_CRITERION,
        "inspections.finding": _OF_CRITERION,
        "inspections.keptanswer": _OF_CRITERION,
        "inspections.question": _OF_CRITERION,
        "inspections.questionmessage": BY_TABLE,
        "inspections.internalnote": _OF_CRITERION,
        "inspections.distantcheck": _OF_CRITERION,
        "inspections.enrolment": _OF_ENROLMENT % "id",
        "inspections.inspection": _OF_ENROLMENT % "enrolment_id",
        "inspections.findingreply": BY_TABLE,
        "inspections.scan": BY_TABLE,
        "inspections.selfassessment": BY_TABLE,
        "inspections.selfevidence": _OF_CRITERION,
        "inspections.selfpaper": BY_TABLE,
        "inspections.swappedday": "{row}.reason",
        "inspections.officialpaper": "{row}.kind",
        "inspections.decision": "{row}.title",
        "inspections.decisionunit": _OF_UNIT,
        "inspections.receiveddocument": "{row}.title",
    },
    told_in={
        "inspections.result": ("inspections.inspection", "inspection_id"),
        "inspections.selfanswer": ("inspections.selfassessment", "assessment_id"),
        "inspections.teammember": ("inspections.team", "team_id"),
        "inspections.participant": ("inspections.minutes", "minutes_id"),
        "inspections.receiveddocument": ("inspections.minutes", "minutes_id"),
        "inspections.decisionunit": ("inspections.decision", "decision_id"),
        "inspections.extension": ("inspections.decision", "decision_id"),
        "inspections.suspension": ("inspections.decision", "decision_id"),
        "inspections.teamchange": ("inspections.decision", "decision_id"),
    },
    told_fields={
        # The event has the words of an option; its points are those earned.
        "inspections.result": frozenset({"outcome", "number", "text", "note", "of_number", "day", "earned"}),
        "inspections.inspection": frozenset({"status"}),
        "inspections.finding": frozenset({"status", "due_on"}),
        "inspections.question": frozenset({"status", "due_on"}),
        "inspections.round": frozenset({"status"}),
    },
    # Receipts for saves, and what is told to somebody: the deed itself is on record.
    untraced={"inspections.submission", "inspections.notice"},
)
