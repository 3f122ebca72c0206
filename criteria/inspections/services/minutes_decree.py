"""What minutes have by Nghị định 217/2025/NĐ-CP, art. 15.3a, as plain values for their content.

Only what is there becomes a part: the content of minutes without it, and its digest, stay as they were.
"""

from __future__ import annotations

from typing import Any

from archiveportal.vietnamese import document_date
from criteria.inspections.models import DecisionUnit, Minutes

#: in the order in which they are typed
TEXTS = ("inspected_content", "verified_result", "others_remarks", "refusal_reason")
DECREE = "Nghị định số 217/2025/NĐ-CP ngày 05 tháng 8 năm 2025 của Chính phủ về hoạt động kiểm tra chuyên ngành"


def by_the_decree(minutes: Minutes) -> dict[str, Any]:
    """Return the parts that art. 15.3a adds; of guidance none that names the decree."""
    parts: dict[str, Any] = {name: getattr(minutes, name) for name in TEXTS if getattr(minutes, name)}
    received = [
        {
            "title": each.title,
            "number": each.number,
            "dated_on": document_date(each.dated_on) if each.dated_on else "",
            "issuer": each.issuer,
            "form": each.form,
        }
        for each in minutes.received_documents.all()
    ]
    if received:
        parts["received_documents"] = received
    if minutes.inspection.enrolment.round.is_specialised:
        parts["decision"] = _decision(minutes)
    return parts


def _decision(minutes: Minutes) -> dict[str, str]:
    """Return the grounds of a specialised inspection: the decree, the issued decision, its announcement."""
    rows = DecisionUnit.objects.filter(
        enrolment=minutes.inspection.enrolment_id,
        decision__voided_at__isnull=True,
        decision__issued_on__isnull=False,
    )
    unit = rows.select_related("decision").first()
    if unit is None:
        return {"decree": DECREE}
    decision = unit.decision
    assert decision.issued_on, "an issued decision has its day"
    said = f"Quyết định số {decision.number} ngày {document_date(decision.issued_on)}"
    announced = document_date(unit.announced_on) if unit.announced_on else ""
    return {"decree": DECREE, "decision": f"{said} {about(decision.title)}", "announced_on": announced}


def about(title: str) -> str:
    """Return a title as it follows the number of its paper: "về việc kiểm tra …"."""
    title = title.strip()
    small = f"{title[:1].lower()}{title[1:]}"
    return small if small.startswith("về ") else f"về việc {small}"
