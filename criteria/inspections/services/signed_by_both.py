"""Minutes of an inspection from a distance: both sides sign one PDF, and it has to be the paper of this unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from archiveportal.files.models import StoredFile
from archiveportal.files.pdf_text import Legibility, read_pdf
from archiveportal.files.services import CheckedUpload
from archiveportal.refusal import Refused
from criteria.inspections.models import Inspection, Minutes, Scan
from criteria.inspections.services.distant import is_distant_unit

#: the foot of minutes, as a PDF made of them has it: "Mã: K7Q2-9FXM"
CODE = re.compile(r"Mã:\s*([A-Z0-9]{4})-([A-Z0-9]{4})")


def refuse_unfit_papers(inspection: Inspection, minutes: Minutes | None, papers: Sequence[CheckedUpload]) -> None:
    """Refuse what is not the one PDF of these minutes, where the unit is inspected from a distance.

    A PDF without a text layer is a scan: people look at it. Reading takes a while: call it outside of a
    transaction.
    """
    if not papers or not is_distant_unit(inspection.enrolment):
        return
    if len(papers) > 1 or papers[0].kind != StoredFile.Kind.PDF:
        raise Refused(
            _("Minutes of an inspection from a distance are one PDF that both sides signed. Choose that file."),
            code="files",
        )
    text = read_pdf(papers[0].content)
    if minutes is None or text.legibility != Legibility.TEXT:
        return
    codes = {"".join(found) for found in CODE.findall("\n".join(text.pages))}
    if codes and minutes.code not in codes:
        own = f"{minutes.code[:4]}-{minutes.code[4:]}"
        raise Refused(
            _("This PDF is of other minutes: the code %(code)s does not stand in it. Choose the right file.")
            % {"code": own},
            code="files",
        )


def refuse_without_both(inspection: Inspection) -> None:
    """Refuse to submit a unit inspected from a distance as long as the signed PDF is missing."""
    if not is_distant_unit(inspection.enrolment):
        return
    standing = Scan.objects.filter(
        minutes__inspection=inspection,
        replaced_at__isnull=True,
        file__kind=StoredFile.Kind.PDF,
        file__withdrawal__isnull=True,
    )
    last = inspection.minutes.filter(signed_at__isnull=False).order_by("-sequence").first()
    if last is None or not standing.filter(minutes=last).exists():
        raise Refused(
            _("Inspected from a distance: attach the minutes that both sides signed as PDF, then submit."),
            code="unsigned",
        )
