"""The office that issues papers, and who signs which of them, each over its days."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from archiveportal.office.kinds import Level, PaperKind
from archiveportal.office.querysets import OfficeRows


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class OfOffice(models.Model):
    """A row that holds from one day to another; without a last day it holds until further notice."""

    first_day = models.DateField(_("holds from"))
    last_day = models.DateField(_("holds until"), null=True, blank=True)
    #: the paper that says so
    basis = models.CharField(_("by which paper"), max_length=300, blank=True)

    objects = OfficeRows.as_manager()

    class Meta:
        abstract = True


class Office(OfOffice):
    """The department as its papers name it. Words that others follow from are properties."""

    name = models.CharField(_("name of the office"), max_length=120)
    superior_head = models.TextField(_("authority above it, as the head of a paper has it"), max_length=300)
    superior = models.CharField(_("authority above it, in short"), max_length=120)
    area = models.CharField(_("province or city"), max_length=80)
    area_noun = models.CharField(_("its word within a sentence"), max_length=40)
    place = models.CharField(_("place before the date"), max_length=80)
    symbol = models.CharField(_("symbol of the office"), max_length=20)
    head_title = models.CharField(_("title of its head"), max_length=80)
    deputy_title = models.CharField(_("title of a deputy"), max_length=80)
    division = models.CharField(_("name of the sub-department"), max_length=120, blank=True)
    division_short = models.CharField(_("its name in short"), max_length=60, blank=True)
    division_symbol = models.CharField(_("symbol of the sub-department"), max_length=20, blank=True)
    division_head_title = models.CharField(_("title of the head of the sub-department"), max_length=80, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    name_in_english = models.CharField(_("name in English, with the province or city"), max_length=160, blank=True)
    division_in_english = models.CharField(_("name of the sub-department in English"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("office")
        ordering = ["first_day"]
        constraints = [
            models.UniqueConstraint(fields=["first_day"], name="office_first_day"),
            models.CheckConstraint(
                name="office_days", condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day"))
            ),
        ]

    def __str__(self) -> str:
        return self.name_with_area

    @property
    def name_with_area(self) -> str:
        """Return "Sở Nội vụ Thành phố Hồ Chí Minh"."""
        return f"{self.name} {self.area}"

    @property
    def working_division(self) -> str:
        """Return the part that does the work: the sub-department, else the office itself."""
        return self.division or self.name

    @property
    def word(self) -> str:
        """Return what it is called in a sentence: "Sở"."""
        return self.name.partition(" ")[0]

    @property
    def division_word(self) -> str:
        """Return what the part that does the work is called in a sentence: "Chi cục", "Phòng VTLT", "Sở"."""
        if not self.division:
            return self.word
        return "Chi cục" if self.division.startswith("Chi cục ") else self.division_short or self.division

    @property
    def whole_area(self) -> str:
        """Return "Toàn Thành phố"."""
        return f"Toàn {self.area_noun}"

    @property
    def letter_symbol(self) -> str:
        """Return the symbol of its letters: "SNV-CCVTLT"."""
        return "-".join(filter(None, [self.symbol, self.division_symbol]))

    @property
    def kept_by(self) -> str:
        """Return who keeps a copy, as the last receiver: "Lưu: VT, CCVTLT"."""
        return ", ".join(filter(None, ["Lưu: VT", self.division_symbol]))

    def head_of(self, level: str) -> list[str]:
        """Return the lines of the agency at the head of a paper, the last one being who issues it."""
        if level == Level.DEPARTMENT or (level == Level.DIVISION and not self.division):
            return [*lines_of(self.superior_head), self.name.upper()]
        lines = list(filter(None, [self.name.upper(), self.division.upper()]))
        return [*lines, "ĐOÀN KIỂM TRA"] if level == Level.TEAM else lines

    def agency_of(self, level: str) -> str:
        """Return who issues papers of a level, within a sentence."""
        return self.working_division if level == Level.DIVISION else self.name

    def titles_of(self, level: str) -> list[str]:
        """Return the title lines over the signature of the head of a level."""
        if level == Level.TEAM:
            return ["TRƯỞNG ĐOÀN"]
        if level == Level.DIVISION and self.division_head_title:
            return [self.division_head_title.upper()]
        return [self.head_title.upper()]

    @property
    def deputy_titles(self) -> list[str]:
        """Return the title lines over the signature of a deputy of the office's head."""
        return [f"KT. {self.head_title.upper()}", self.deputy_title.upper()]


class Signatory(OfOffice):
    """Who signs a kind of paper, under which symbol and to whom it goes, where it is not as usual."""

    kind = models.CharField(_("kind of paper"), max_length=20, choices=PaperKind)
    level = models.CharField(_("issued by"), max_length=12, choices=Level)
    titles = models.TextField(_("title over the signature, a line each"), max_length=300)
    name = models.CharField(_("full name"), max_length=120, blank=True)
    symbol = models.CharField(_("symbol behind the number"), max_length=40)
    receivers = models.TextField(_("receivers, a line each"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("who signs a kind of paper")
        ordering = ["kind", "first_day"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "first_day"], name="signatory_first_day"),
            models.CheckConstraint(
                name="signatory_days", condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
