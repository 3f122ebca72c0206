"""Sentences for the report, ready to be copied. Vietnamese, whatever the language of the screen."""

from __future__ import annotations

from decimal import Decimal

from archiveportal.accounts.models import User
from archiveportal.vietnamese import count_in_text
from reports.results.bands import BandCount

#: a sentence names so many wards at most
NAMED = 60


def band_sentence(count: BandCount, person: User | None = None) -> str:
    """ "Có 09 đơn vị hoàn thành từ 12 đến 22/23 tiêu chí, gồm: ..." as 5355/BC-SNV, II.2.a has it."""
    district = person.district if person else None
    beginning = f"{district.title} có" if district else "Có"
    sentence = f"{beginning} {count_in_text(count.count)} đơn vị {extent(count)}"
    if not count.count or count.count > NAMED:
        return f"{sentence}."
    names = "; ".join(enrolment.ward.full_in_sentence for enrolment in count.enrolments)
    return f"{sentence}, gồm: {names}."


def extent(count: BandCount) -> str:
    if count.bounds is None:
        return f"thuộc mức “{count.band.label}”"
    lowest, highest = count.bounds
    highest_of_all = count.measure.out_of(Decimal(highest), count.maximum)
    if lowest == highest:
        return f"hoàn thành {highest_of_all}"
    if lowest == 0:
        return f"hoàn thành từ {highest_of_all} trở xuống"
    return f"hoàn thành từ {lowest} đến {highest_of_all}"
