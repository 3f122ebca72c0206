"""The office of today in the words that texts name it by, in Vietnamese and in English.

Vietnamese words follow from the record. In English a kind of office has a general word, and the
record may say the names; where it does not, the names stay Vietnamese.
"""

from __future__ import annotations

from django.utils.text import capfirst

from archiveportal.office import kept
from archiveportal.office.baseline import reports_office
from archiveportal.office.models import Office
from archiveportal.office.queries import office_among
from archiveportal.own_words import OwnWords
from archiveportal.vietnamese import without_marks


def read_words(language: str, is_asking: bool) -> OwnWords:
    """Return the words for the office of today. Screens ask for them all the time: see `kept.shown_offices`."""
    office = office_among(kept.shown_offices() if is_asking else kept.known_offices())
    if language.partition("-")[0] == "vi":
        return _in_vietnamese(office)
    return _in_english(office)


def _in_vietnamese(office: Office) -> OwnWords:
    # The head of an office without a part of its own for archives is no leader who approves checklists.
    leader = f"lãnh đạo {office.division_word}" if office.division else "lãnh đạo phụ trách văn thư, lưu trữ"
    return OwnWords(
        name=office.name_with_area,
        office=office.name,
        office_word=office.word,
        division=office.working_division,
        division_word=office.division_word,
        leader=leader,
        leader_title=capfirst(leader),
        area=office.area,
        area_word=office.area_noun,
        level=capfirst(office.area_noun),
        **_symbols(office),
    )


def _in_english(office: Office) -> OwnWords:
    name, division = _names_in_english(office)
    noun = "the sub-department" if office.division else "the department"
    leader = f"the leader of {noun}" if office.division else "the leader for records and archives"
    is_city = "thành phố" in office.area_noun.lower()
    return OwnWords(
        name=name,
        office=name,
        office_word="the department",
        division=division or name,
        division_word=noun,
        leader=leader,
        leader_title=capfirst(leader),
        area=_area_in_english(office.area),
        area_word="the City" if is_city else "the province",
        level="City" if is_city else "Province",
        **_symbols(office),
    )


def _names_in_english(office: Office) -> tuple[str, str]:
    """Return the names as the record says them, those of the reports' office by themselves, else as in Vietnamese."""
    name, division = office.name_in_english, office.division_in_english
    of_reports = reports_office()
    if not name and office.name_with_area == of_reports.name_with_area:
        name = of_reports.name_in_english
        is_same = office.division == of_reports.division
        division = division or (of_reports.division_in_english if is_same else "")
    return name or office.name_with_area, division or office.division


def _symbols(office: Office) -> dict:
    symbol = office.division_symbol if office.division else ""
    return {"symbol": office.symbol, "division_symbol": symbol or office.symbol, "is_whole": not office.division}


def _area_in_english(area: str) -> str:
    """Return "Ho Chi Minh City", "Dong Nai Province"."""
    for noun, word in (("thành phố ", "City"), ("tỉnh ", "Province")):
        if area.lower().startswith(noun):
            return f"{without_marks(area[len(noun) :]).title()} {word}"
    return without_marks(area).title()
