"""What every template may use without loading it."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Iterable
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from archiveportal import no_breaks, vietnamese
from archiveportal.fields import NO_SECRETS
from archiveportal.logs import current_request
from archiveportal.percent import AVERAGE_PLACES, decimals_of
from archiveportal.workdays import weekday_name

register = template.Library()
_CODES = re.compile(r"\s*\([DE]\d\d\)")


@register.filter
def number(value: Any, places: int | None = None) -> str:
    """Digits grouped as the language of the screen has them; a dash for none."""
    text = vietnamese.number(value, places)
    return text.translate(str.maketrans(",.", ".,")) if get_language() == "en" else text


@register.filter
def average(value: Any) -> str:
    """Format a mean, "11,00", with two decimals everywhere; a dash for none."""
    return number(value, AVERAGE_PLACES)


@register.simple_tag(takes_context=True)
def round_of_page(context: template.Context) -> Any:
    return context["frame"].round_of(context.get("round"), context.get("enrolment"))


@register.filter
def percent(value: Any) -> str:
    """ "47,67%", "41,00%" where the rule has two decimals, "87%" where it has none; or a dash."""
    return "—" if value is None else f"{number(value, decimals_of(value))}%"


@register.filter
def at_least(text: str, is_lower_bound: bool) -> str:
    """ "hơn 400", "hơn 47,67%": a lower bound keeps its word; a dash stays a dash."""
    return _("more than %(number)s") % {"number": text} if is_lower_bound and text != "—" else text


@register.filter
def money(value: Any) -> str:
    if value is None:
        return "—"
    return f"{number(value)} VND" if get_language() == "en" else vietnamese.money(value)


@register.simple_tag
def as_of() -> str:
    now = timezone.localtime()
    return f"Figures as of {now:%H:%M, %d/%m/%Y}" if get_language() == "en" else vietnamese.as_of(now)


@register.filter
def kept_together(text: str) -> str:
    """A text for a printed page: no line parts a name, or a number from its unit."""
    return no_breaks.keep_together(text)


@register.filter
def without_codes(text: str) -> str:
    """A note without its "(E09)": the codes of discrepancies are for those who work on them."""
    return _CODES.sub("", text)


@register.filter
def day(value: datetime.date | None) -> str:
    """Return a day as people write it; a moment is on the day of the office, not on that of UTC."""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localdate(value)
    return f"{value:%d/%m/%Y}" if value else "—"


register.filter("weekday", weekday_name)


@register.simple_tag
def no_secrets() -> str:
    """Say what must not be handed in; for places that take a file without a field of a form."""
    return str(NO_SECRETS)


@register.simple_tag
def request_number() -> str:
    """Return the number of this request, by which its lines are found in the log; blank outside of one."""
    return current_request.get().get("request", "")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw a symbol of icons.svg; with a label it speaks, without one it is silent to screen readers."""
    use = format_html('<use href="{}#i-{}"/>', static("img/icons.svg"), name)
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}">{}</svg>', label, use)
    return format_html('<svg class="icon" aria-hidden="true">{}</svg>', use)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The query of this page with some parts changed; a value of None takes a part out."""
    parts = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            parts.pop(name, None)
        else:
            parts[name] = value
    return f"?{parts.urlencode()}"


@register.simple_tag
def options(groups: list[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """Write the options of a list to choose from.

    Django's templates take five times as long; a filter offers up to 800 districts.
    """
    lines = []
    for title, of_group, _place in groups:
        lines += [f'\n  <optgroup label="{escape(title)}">'] if title else []
        lines += map(_option, of_group)
        lines += ["\n  </optgroup>"] if title else []
    return mark_safe("".join(lines))


@register.simple_tag
def area_options(areas: Iterable[Any], chosen: int | None = None) -> SafeString:
    """Write the areas of a round as options of a list to choose from; see `options`."""
    lines = []
    for area in areas:
        selected = " selected" if area.pk == chosen else ""
        lines.append(f'<option value="{area.pk}" lang="vi"{selected}>{html.escape(area.title)}</option>')
    return mark_safe("".join(lines))


def _option(option: dict[str, Any]) -> str:
    selected = " selected" if option["selected"] else ""
    # Django's own way asks of each value whether it is to be translated.
    value, label = html.escape(str(option["value"])), html.escape(str(option["label"]))
    return f'\n  <option value="{value}"{selected}>{label}</option>'
