"""Drawings as plain SVG, made once for the page, for a file and for the rasteriser.

A shape has a class, which the page paints in light and dark (static/css/dashboard.css), and the
same paint as attributes, which a file on a slide keeps. Links to the records are above the drawing
as transparent shapes: they are for a mouse; keyboard and screen reader have the same ways in the
table behind the picture.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, takewhile
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from archiveportal.vietnamese import without_control_characters
from criteria.outcomes import OUTCOMES, Outcome

FONTS = "Segoe UI, Roboto, Noto Sans, Arial, sans-serif"
#: class: fill, stroke. The light theme of static/css/theme.css, which paper has too.
PAINTS = {
    "ink": ("#1e1b17", ""),
    "soft": ("#544d44", ""),
    "paper": ("#ffffff", ""),
    "ground": ("#f1ebdf", "#a99d89"),
    "rule": ("", "#d8cfbf"),
    "axis": ("", "#7d7364"),
    "mark": ("", "#1e1b17"),
    "band-1": ("#0b4f5c", "#0b4f5c"),
    "band-2": ("#6fa8b1", "#0b4f5c"),
    "band-3": ("#d6e6e8", "#0b4f5c"),
    "band-4": ("#f0d7ab", "#683c12"),
    "band-5": ("#e2bd85", "#683c12"),
    "band-6": ("#cf9b59", "#683c12"),
    "band-7": ("#b67c3a", "#683c12"),
    "band-8": ("#8c5a22", "#683c12"),
    "band-9": ("#683c12", "#683c12"),
    "band-10": ("#432407", "#683c12"),
    "bar": ("#0b4f5c", ""),
    "on-dark": ("#fffdf8", ""),
    "on-light": ("#10262a", ""),
    "step-0": ("#ffffff", "#a99d89"),
    "step-1": ("#d6e6e8", "#a99d89"),
    "step-2": ("#9cc5cc", "#a99d89"),
    "step-3": ("#4f8f9a", "#a99d89"),
    "step-4": ("#0b4f5c", "#a99d89"),
    "hatch": ("", "#a99d89"),
    "sign-dark": ("", "#fffdf8"),
    "sign-light": ("", "#10262a"),
}
#: a letter is about this much of the size wide, in the fonts above; a capital more
LETTER, CAPITAL = 0.54, 0.7
#: smaller letters are not read on a screen, where a unit of a drawing is a pixel or more
LEAST_SIZE = 11


def clean(text: object) -> str:
    """Text that any XML holds: without control characters and halves of letters."""
    return without_control_characters(str(text)).replace("\n", " ").replace("\t", " ")


def shortened(text: str, width: float, size: float) -> str:
    """Return as much of a name as fits; the whole name is in the table."""
    text = unicodedata.normalize("NFC", clean(text))
    ends = list(accumulate(CAPITAL if letter.isupper() else LETTER for letter in text))
    room = width / size
    if not ends or ends[-1] <= room:
        return text
    return f"{text[: bisect_right(ends, room - LETTER)].rstrip()}…"


def told_apart(names: Sequence[tuple[str, str]], width: float, size: float) -> list[str]:
    """Return as much of each name as fits behind its number, without the words with which several begin.

    Where "Ban hành KH" and "Ban hành Quy chế" would be cut alike, they become "KH" and "Quy chế".
    """
    alike: dict[str, list[str]] = {}
    for number, name in names:
        alike.setdefault(shortened(number + name, width, size).removeprefix(number), []).append(name)
    rests: dict[str, str] = {}
    for cut, group in alike.items():
        rests |= _rests(cut, group)
    return [shortened(number + rests[name], width, size) for number, name in names]


def _rests(cut: str, names: Sequence[str]) -> dict[str, str]:
    """Return each of the names that are cut alike without the words with which all of them begin."""
    words = [name.split() for name in names]
    in_all = takewhile(lambda column: len(set(column)) == 1, zip(*words, strict=False))
    shared = len(list(in_all)) if len(names) > 1 and cut.endswith("…") else 0
    return {name: " ".join(each[shared:]) or name for name, each in zip(names, words, strict=True)}


def _number(value: float) -> str:
    return str(value) if type(value) is int else f"{value:.1f}"


def _paint(kind: str) -> str:
    fill, stroke = PAINTS[kind]
    painted = f'class="c-{kind}"'
    if fill:
        painted += f' fill="{fill}"'
    elif stroke:
        painted += ' fill="none"'
    if stroke:
        painted += f" stroke={quoteattr(stroke)}"
    return painted


KINDS = {kind: _paint(kind) for kind in PAINTS}
#: what a page needs no attributes for: its styles fill and rule the shape by the class
PAINTED_BY_PAGE = {painted: f'class="c-{kind}"' for kind, painted in KINDS.items() if PAINTS[kind][0]}


class Box(NamedTuple):
    """A field of a drawing, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def not_negative(self) -> Box:
        return self._replace(width=max(self.width, 0), height=max(self.height, 0))

    @property
    def attributes(self) -> str:
        size = f'width="{_number(self.width)}" height="{_number(self.height)}"'
        return f'x="{_number(self.x)}" y="{_number(self.y)}" {size}'


class Drawing:
    """Shapes on a field of `width` x `height`. `name` makes the ids of its parts the drawing's own."""

    def __init__(self, name: str, width: float, height: float) -> None:
        self.name, self.width, self.height = name, width, height
        self._shapes: list[str] = []
        self._ways: list[str] = []
        self._is_hatched = False

    def rect(self, kind: str, box: Box) -> None:
        self._shapes.append(f"<rect {KINDS[kind]} {box.not_negative.attributes}/>")

    def hatch(self, box: Box) -> None:
        """Draw what is not known: ruled at an angle, so that it is no shade of any value."""
        self._is_hatched = True
        self._shapes.append(f'<rect fill="url(#{self.name}-hatch)" {box.attributes}/>')

    def path(self, kind: str, steps: str, weight: float = 1) -> None:
        self._shapes.append(f'<path {KINDS[kind]} stroke-width="{_number(weight)}" d="{steps}"/>')

    def sign(self, outcome: Outcome, box: Box) -> None:
        """Draw the sign of an answer in the middle of its box; an open criterion has none."""
        if outcome.sign:
            x, y = box.middle
            self.path(outcome.sign_paint, f"M{_number(x)} {_number(y)}{outcome.sign}", 1.4)

    def shape(self, kind: str, steps: str) -> None:
        """A filled outline."""
        self._shapes.append(f'<path class="c-{kind}" fill="{PAINTS[kind][0]}" d="{steps}"/>')

    def text(
        self,
        x: float,
        y: float,
        words: object,
        *,
        size: float = 11,
        kind: str = "ink",
        anchor: str = "start",
        bold: bool = False,
        italic: bool = False,
        turned: bool = False,
    ) -> None:
        """Write a text. With `turned` it is upright, read from below."""
        size = max(size, LEAST_SIZE)
        place = f'x="{_number(x)}" y="{_number(y)}" font-size="{_number(size)}"'
        if anchor != "start":
            place += f' text-anchor="{anchor}"'
        if bold:
            place += ' font-weight="700"'
        if italic:
            place += ' font-style="italic"'
        if turned:
            place += f' transform="rotate(-90 {_number(x)} {_number(y)})"'
        self._shapes.append(f"<text {KINDS[kind]} {place}>{escape(clean(words))}</text>")

    def way(self, address: str, box: Box, words: str) -> None:
        """Lay a transparent field that opens the records; `words` show while the mouse rests on it."""
        field = f'class="c-way" fill="none" pointer-events="all" {box.not_negative.attributes}'
        inner = f"<title>{escape(clean(words))}</title><rect {field}/>"
        target = f'<a href={quoteattr(address)} tabindex="-1">{inner}</a>' if address else f"<g>{inner}</g>"
        self._ways.append(target)

    @property
    def defs(self) -> str:
        if not self._is_hatched:
            return ""
        return (
            f'<defs><pattern id="{self.name}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><path {KINDS["hatch"]} stroke-width="1.5" d="M0 0V5"/></pattern></defs>'
        )

    @property
    def shapes(self) -> str:
        return self.defs + "".join(self._shapes)

    @property
    def ways(self) -> str:
        return "".join(self._ways)


def sample(drawing: Drawing, shade: str, box: Box) -> None:
    """Draw a shade of the legend; an answer as in its cells."""
    if shade == "hatch":
        drawing.hatch(box)
        return
    outcome = OUTCOMES.get(shade)
    drawing.rect(outcome.paint if outcome else shade, box)
    if outcome:
        drawing.sign(outcome, box)


def inline(drawing: Drawing, title: str, description: str) -> str:
    """Return the drawing within a page: its shapes are one image to a screen reader, the ways above
    it are for a mouse."""
    name, shapes = drawing.name, drawing.shapes
    for painted, by_class in PAINTED_BY_PAGE.items():
        shapes = shapes.replace(painted, by_class)
    # Most texts have the least size; it is said once.
    shapes = shapes.replace(f' font-size="{LEAST_SIZE}"', "")
    return (
        f'<svg class="chart" font-size="{LEAST_SIZE}" viewBox="0 0 {_number(drawing.width)} {_number(drawing.height)}" '
        f'width="{_number(drawing.width)}" height="{_number(drawing.height)}" font-family="{FONTS}" focusable="false">'
        f'<g role="img" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(clean(title))}</title>'
        f'<desc id="{name}-desc">{escape(clean(description))}</desc>{shapes}</g>'
        f'<g aria-hidden="true">{drawing.ways}</g></svg>'
    )


MARGIN, HEAD = 24, 64
HEADLINE, LINE, SMALL = 18, 12, LEAST_SIZE


def wrapped(text: str, width: float, size: float, *, most: int) -> list[str]:
    """Break the text into lines that fit, `most` of them; the last one is cut off."""
    lines = [""]
    for word in unicodedata.normalize("NFC", clean(text)).split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and shortened(longer, width, size) != longer:
            if len(lines) == most:
                return [*lines[:-1], shortened(longer, width, size)]
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return [shortened(line, width, size) for line in lines]


def _key(frame: Drawing, legend: list[tuple[str, str]], top: float) -> float:
    """The shades with their words, as many in a row as fit; gives the height that they take."""
    x, y = float(MARGIN), top
    for shade, words in legend:
        length = 20 + len(words) * SMALL * LETTER + 14
        if x > MARGIN and x + length > frame.width - MARGIN:
            x, y = float(MARGIN), y + 16
        sample(frame, shade, Box(x, y, 12, 12))
        frame.text(x + 17, y + 10, shortened(words, frame.width - 2 * MARGIN - 20, SMALL), size=SMALL, kind="soft")
        x += length
    return y + 20 - top if legend else 0


def alone(
    drawing: Drawing, title: str, description: str, *, subtitle: str, foot: str, legend: list[tuple[str, str]]
) -> str:
    """Return the drawing as a file of its own for a slide: on white, with what it shows above and
    its moment below."""
    width = drawing.width + 2 * MARGIN
    lines = [*wrapped(description, drawing.width, SMALL, most=3), foot]
    above = wrapped(subtitle, drawing.width, LINE, most=3)
    head = HEAD + (len(above) - 1) * 16
    frame = Drawing(f"{drawing.name}-frame", width, 0)
    below = head + drawing.height + 16
    below += _key(frame, legend, below)
    height = below + len(lines) * 14 + 12
    ground = Drawing(f"{drawing.name}-ground", width, height)
    ground.rect("paper", Box(0, 0, width, height))
    frame.text(MARGIN, 32, shortened(title, drawing.width, HEADLINE), size=HEADLINE, bold=True)
    for place, line in enumerate(above):
        frame.text(MARGIN, 51 + place * 16, line, size=LINE, kind="soft")
    for place, line in enumerate(lines):
        frame.text(MARGIN, below + 10 + place * 14, line, size=SMALL, kind="soft")
    name = drawing.name
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_number(width)} {_number(height)}" '
        f'width="{_number(width)}" height="{_number(height)}" font-family="{FONTS}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">{escape(clean(title))}</title>'
        f'<desc id="{name}-desc">{escape(clean(description))}</desc>{ground.shapes}{frame.shapes}'
        f'<g transform="translate({MARGIN} {head})">{drawing.shapes}</g></svg>\n'
    )
