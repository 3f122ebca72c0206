"""The frame of every page: who is here, the round one is in, and the ways that the role may go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext as _

from archiveportal.own_words import own_words
from criteria.inspections.models import Enrolment, Round


@dataclass(frozen=True)
class Way:
    """A place in the navigation; `section` is the start of the addresses that belong to it."""

    label: str
    address: str
    icon: str
    section: str


class Frame:
    """Evaluated lazily: a page that shows no frame makes no query for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.user = request, request.user

    @classmethod
    def of(cls, request: Any) -> Frame:
        """Return the frame of a request, one for its view and its templates: its rounds are read once."""
        if not hasattr(request, "frame"):
            request.frame = cls(request)
        return request.frame

    @cached_property
    def rounds(self) -> list[Round]:
        return list(Round.objects.visible_to(self.user).defer("legal_basis"))

    @cached_property
    def round(self) -> Round | None:
        """Return the round one is in: the one last opened, else the newest open one."""
        chosen = self.request.session.get("round")
        by_code = {each.code: each for each in self.rounds}
        newest_open = next((each for each in self.rounds if each.is_open), None)
        return by_code.get(chosen) or newest_open or next(iter(self.rounds), None)

    def round_of(self, about: Any, enrolment: Any) -> Round | None:
        """Return the round that a page is about, also by the enrolment of a ward; else the one that
        one is in."""
        if isinstance(about, Round):
            return about
        return enrolment.round if isinstance(enrolment, Enrolment) else self.round

    @cached_property
    def ways(self) -> list[Way]:
        ways = [Way(_("My work"), reverse("home"), "home", "/")]
        if self.user.sees_results:
            ways.append(Way(_("Inspection rounds"), reverse("inspections:rounds"), "round", "/dot-kiem-tra/"))
        ways.append(Way(_("Units"), reverse("wards:list"), "unit", "/don-vi/"))
        if self.user.sees_training:
            ways.append(Way(_("Training"), reverse("training:overview"), "training", "/dao-tao/"))
        if self.user.sees_results or self.user.sees_ledger:
            ways.append(Way(_("Reports"), reverse("reports:index"), "report", "/bao-cao/"))
        if self.user.can_manage_accounts:
            ways.append(Way(_("Accounts"), reverse("accounts:list"), "person", "/tai-khoan/"))
        return ways

    @cached_property
    def way(self) -> Way | None:
        """Return the way that this page belongs to."""
        path = self.request.path
        ways = [
            way for way in self.ways if path == way.section or (way.section != "/" and path.startswith(way.section))
        ]
        return ways[-1] if ways else None


def frame(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    return {
        "frame": Frame.of(request) if user and user.is_authenticated else None,
        "office_contact": settings.OFFICE_CONTACT,
        # Asked for once a page, and by no answer that is no page.
        "our": SimpleLazyObject(own_words),
    }
