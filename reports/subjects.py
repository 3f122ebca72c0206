"""The two kinds of report, on a round and on a training scheme, and what follows from the kind.

A room that does something of its own for each kind (figures, checks, files, passages) keeps a
table by `Report.kind`, so that a third kind is a class here and one entry in each table.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django.db.models import Model, QuerySet
from django.urls import reverse

from archiveportal.scope import Viewer
from criteria.inspections.baseline import ROUND_CODE
from criteria.inspections.models import Enrolment, Inspection, Round, RoundDocument
from criteria.inspections.querysets import BEGUN
from reports.models import ReportKind, Subject
from reports.results.rows import visible_enrolments
from training.baseline import SCHEME_CODE
from training.models import Category, Course, Scheme, YearTarget
from training.periods import local_bodies
from wards.models import District, Ward

#: the number under which the report on the scheme of the records was issued
SCHEME_REPORT = "2710/BC-SNV"


@dataclass(frozen=True)
class Report(ABC):
    """The report on one round or on one scheme."""

    subject: Subject

    kind: ClassVar[ReportKind]
    model: ClassVar[type[Model]]
    #: the part of an address that names the kind
    slug: ClassVar[str]
    #: the start of the name of its Word file
    file_stem: ClassVar[str]
    #: the issued report of this kind, as the ledger of printed figures names it
    ledger: ClassVar[str]
    #: the code of the subject of that issued report
    issued_code: ClassVar[str]

    @classmethod
    def subjects(cls, user: Viewer) -> QuerySet:
        """Return the rounds or schemes that `user` may see."""
        # The model of each kind has a queryset of its own.
        return cls.model.objects.visible_to(user)  # type: ignore[attr-defined]

    @property
    def owner(self) -> dict[str, Any]:
        """Name the field that holds the subject in closings and passages, and its value."""
        return {self.kind.value: self.subject}

    @property
    def owner_of_passage(self) -> dict[str, Any]:
        """Filter the versions of its passages."""
        return {f"passage__{self.kind.value}": self.subject}

    @property
    def is_on_round(self) -> bool:
        return self.kind == ReportKind.ROUND

    @property
    def document_address(self) -> str:
        return reverse(f"reports:{self.kind.value}-document", args=[self.subject.code])

    @property
    def passages_address(self) -> str:
        return reverse("reports:passages", args=[self.slug, self.subject.code])

    @property
    def printed_report(self) -> str:
        """Return the number of the issued report whose printed figures are recorded, else ""."""
        is_printed = self.subject.is_baseline and self.subject.code == self.issued_code
        return self.ledger if is_printed else ""

    @property
    @abstractmethod
    def signed_as(self) -> tuple[str, datetime.date | None]:
        """Return number and day of the report that was signed before the portal, or "" and None."""

    @property
    @abstractmethod
    def first_day(self) -> datetime.date:
        """Return the first day that figures can be closed for.

        The records of a signed report are those of its day; else the subject has to have begun.
        """

    @abstractmethod
    def rows_to_lock(self) -> Sequence[QuerySet]:
        """Return the rows that the figures follow from, to be held while figures are closed."""

    def read_subject(self, *, is_locked: bool = False) -> Subject:
        """Read the subject anew from the database, locked until the transaction ends if asked
        for."""
        rows = self.model._default_manager.all()
        return cast(Subject, (rows.select_for_update() if is_locked else rows).get(pk=self.subject.pk))

    @property
    def counts(self) -> bool:
        """Tell whether its figures can be closed: not those of a rehearsal, nor before it has begun."""
        return True

    @property
    @abstractmethod
    def has_districts(self) -> bool:
        """Tell whether it is about districts, so that its pages may name them. Two queries at most."""

    def appendix_length(self, user: Viewer) -> int:
        """Count the wards that its appendix would list."""
        return 0


class RoundReport(Report):
    subject: Round

    kind = ReportKind.ROUND
    model = Round
    slug = "dot-kiem-tra"
    file_stem = "bao-cao-so-ket"
    ledger = "5355"
    issued_code = ROUND_CODE

    @classmethod
    def subjects(cls, user: Viewer) -> QuerySet:
        return super().subjects(user).filter(status__in=BEGUN).select_related("criteria_set")

    @property
    def signed_as(self) -> tuple[str, datetime.date | None]:
        return self.subject.report_number, self.subject.reported_on

    @property
    def first_day(self) -> datetime.date:
        return (self.subject.is_baseline and self.subject.reported_on) or self.subject.starts_on

    @property
    def counts(self) -> bool:
        return not (self.subject.is_trial or self.subject.is_draft)

    def rows_to_lock(self) -> Sequence[QuerySet]:
        enrolments = Enrolment.objects.filter(round=self.subject)
        return [
            Inspection.objects.filter(enrolment__round=self.subject),
            RoundDocument.objects.filter(round=self.subject),
            Ward.objects.filter(pk__in=enrolments.values("ward")),
            District.objects.filter(pk__in=enrolments.values("ward__district")),
        ]

    def read_subject(self, *, is_locked: bool = False) -> Subject:
        """Read the subject anew from the database, locked until the transaction ends if asked
        for."""
        rows = self.model._default_manager.all()
        return cast(Subject, (rows.select_for_update() if is_locked else rows).get(pk=self.subject.pk))

    @property
    def has_districts(self) -> bool:
        enrolments = Enrolment.objects.filter(round=self.subject)
        return enrolments.filter(ward__district__isnull=False).exists() or not enrolments.exists()

    def appendix_length(self, user: Viewer) -> int:
        return visible_enrolments(user, self.subject).count()


class SchemeReport(Report):
    subject: Scheme

    kind = ReportKind.SCHEME
    model = Scheme
    slug = "de-an"
    file_stem = "bao-cao-tong-ket"
    ledger = "2710"
    issued_code = SCHEME_CODE

    @property
    def signed_as(self) -> tuple[str, datetime.date | None]:
        return (SCHEME_REPORT, self.subject.cut_off_on) if self.subject.is_baseline else ("", None)

    @property
    def first_day(self) -> datetime.date:
        first_of_year = datetime.date(self.subject.starts_year, 1, 1)
        begins = max(first_of_year, self.subject.decided_on or datetime.date.min)
        return (self.subject.is_baseline and self.subject.cut_off_on) or begins

    @property
    def has_districts(self) -> bool:
        return not local_bodies(self.subject).has_communes

    def rows_to_lock(self) -> Sequence[QuerySet]:
        return [
            Category.objects.filter(scheme=self.subject),
            Course.objects.filter(category__scheme=self.subject),
            YearTarget.objects.filter(category__scheme=self.subject),
        ]


REPORT_TYPES: tuple[type[Report], ...] = (RoundReport, SchemeReport)
BY_SLUG = {report.slug: report for report in REPORT_TYPES}
BY_MODEL: dict[type, type[Report]] = {report.model: report for report in REPORT_TYPES}


def report_of(subject: Subject) -> Report:
    """Return the report on a round or scheme."""
    return BY_MODEL[type(subject)](subject)


def find_report(user: Viewer, slug: str, code: str) -> Report | None:
    """Return the report that an address names, if its subject is visible to `user`."""
    report = BY_SLUG.get(slug)
    subject = report.subjects(user).filter(code=code).first() if report else None
    return report(subject) if report and subject else None
