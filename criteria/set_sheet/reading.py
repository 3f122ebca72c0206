"""The tree of a table becomes sections and criteria: kinds, points and sums, each doubt named at its row."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from archiveportal.sheets.rows import TableRow
from archiveportal.sheets.values import NotThis
from archiveportal.vietnamese import document_date, number
from criteria.building.outline import MOST_CRITERIA
from criteria.models import MOST_LEVELS
from criteria.set_sheet.gathering import Node, Table, gather
from criteria.set_sheet.numbering import DASH, LETTER, ROMAN
from criteria.set_sheet.ranges import plain
from criteria.set_sheet.rules import WrittenRule, read_rule
from criteria.specification import (
    LeafSpec,
    OptionSpec,
    SectionSpec,
    enters_maximum,
    section_path,
)

#: characters of the rows that are stored
CODE_LIMIT, HEADING_LIMIT, UNIT_LIMIT, NUMBER_LIMIT, TITLE_LIMIT = 10, 80, 20, 12, 300
SIGN_WORDS = {"deduction": ("diem tru", "tru diem"), "bonus": ("diem thuong", "diem cong", "thuong diem")}


@dataclass
class Read:
    """Sections and criteria of a table in printed order, and the row of each."""

    sections: list[SectionSpec] = field(default_factory=list)
    leaves: list[LeafSpec] = field(default_factory=list)
    #: row and node of each criterion by its code
    nodes: dict[str, Node] = field(default_factory=dict)
    section_nodes: dict[str, Node] = field(default_factory=dict)
    announced_total: Decimal | None = None
    table: Table = field(default_factory=Table)


def read_table(rows: Sequence[TableRow]) -> Read:
    """Return what the rows of the main table say; every fault and question is at its row."""
    made = Read(table=gather(rows))
    for node in made.table.roots:
        _read_node(node, made, section=None, sign="")
    _refuse_codes(made)
    _compare_total(made)
    return made


def _read_node(node: Node, made: Read, *, section: SectionSpec | None, sign: str) -> None:
    listed = [child for child in node.children if child.numbering and child.numbering.rank == DASH]
    if node.children and len(listed) == len(node.children) and all(child.points is None for child in listed):
        _read_leaf(node, made, section=section, sign=sign, listed=listed)
    elif not node.children:
        _read_leaf(node, made, section=section, sign=sign)
    else:
        _read_parent(node, made, section=section, sign=sign)


def _read_parent(node: Node, made: Read, *, section: SectionSpec | None, sign: str) -> None:
    """Read a row with rows below it: a heading, a criterion made of parts, or one with answers to choose from."""
    way = _way_of(node)
    if way == "choice":
        _read_leaf(node, made, section=section, sign=sign, options=node.children)
    elif way == "parts":
        _read_parts(node, made, section=section, sign=sign)
    elif way == "section":
        _read_section(node, made, section=section, sign=sign)


def _way_of(node: Node) -> str:
    """Return what the rows below make of a row; blank where it is refused or asked."""
    rule = _rule(node) if node.text("rule") else None
    if rule and rule.kind == "parts":
        return "parts"
    if not all(child.numbering and child.numbering.is_small for child in node.children):
        return "section"
    if node.points is None and not all(child.numbering and child.numbering.rank == DASH for child in node.children):
        return "section"
    points = [child.points for child in node.children]
    if any(each is None for each in points):
        node.row.refuse("points", _("points in every row below it, or in none of them"))
        return ""
    given = [each for each in points if each is not None]
    fits_parts, fits_choice = sum(given) == node.points, max(given) == node.points and len(given) > 1
    if fits_parts != fits_choice:
        return "parts" if fits_parts else "choice"
    sums = {"sum": number(sum(given)), "most": number(max(given))}
    options = [
        ("parts", _("parts that add up, %(sum)s together") % sums),
        ("choice", _("answers of which one is chosen, %(most)s at most") % sums),
    ]
    return node.row.ask("name", options, about=node.name) or ""


def _read_section(node: Node, made: Read, *, section: SectionSpec | None, sign: str) -> None:
    row = node.row
    if _level(node) > MOST_LEVELS:
        expected = _("at most %(most)s headings below one another; write “Cộng điểm thành phần” under Cách chấm")
        row.refuse("number", expected % {"most": MOST_LEVELS})
        return
    if node.text("rule") and not row.is_refused:
        row.notes.append(_("A heading is not scored itself: what stands under Cách chấm is left out."))
    printed = (node.numbering.text if node.numbering else "")[:NUMBER_LIMIT]
    parent = section.path if section else ""
    siblings = sum(each.parent == parent for each in made.sections)
    path = section_path(parent, printed, siblings + 1)
    made_section = SectionSpec(path, node.title[:TITLE_LIMIT], number=printed, parent=parent)
    if len(node.title) > TITLE_LIMIT:
        row.refuse("name", _("at most %(limit)s characters for a heading") % {"limit": TITLE_LIMIT})
    place = len(made.sections)
    made.sections.append(made_section)
    made.section_nodes[path] = node
    before = len(made.leaves)
    for child in node.children:
        _read_node(child, made, section=made_section, sign=sign or _sign_of(node.title))
    announced = _announced(node, made.leaves[before:])
    made.sections[place] = replace(made_section, points=announced)


def _level(node: Node) -> int:
    return 1 + (_level(node.parent) if node.parent else 0)


def _sign_of(title: str) -> str:
    words = plain(title)
    return next((sign for sign, known in SIGN_WORDS.items() if any(words.startswith(each) for each in known)), "")


def _announced(node: Node, leaves: Sequence[LeafSpec]) -> Decimal | None:
    """Return the points that a heading announces; it is asked which are meant where the criteria add up to others."""
    signs = {leaf.sign for leaf in leaves}
    counted = leaves if signs in ({"deduction"}, {"bonus"}) else [leaf for leaf in leaves if enters_maximum(leaf)]
    total = sum((leaf.points for leaf in counted), Decimal(0))
    announced = abs(node.points) if node.points is not None else None
    return announced if _has_doubts(node) else _meant(node.row, announced=announced, total=total)


def _has_doubts(node: Node) -> bool:
    """Tell whether a row below is refused or asked about: sums are compared once it is settled."""
    return any(child.row.is_refused or _has_doubts(child) for child in node.children)


def _meant(row: TableRow, *, announced: Decimal | None, total: Decimal) -> Decimal | None:
    if announced is None or announced == total or row.is_refused:
        return announced
    sums = {"announced": number(announced), "total": number(total)}
    options = [
        ("sum", _("%(total)s, the sum of the criteria below") % sums),
        ("announced", _("%(announced)s as written: the set is published only after the criteria add up to it") % sums),
    ]
    answer = row.ask("points", options, about=f"{row.text('number')} {row.text('name')} {total}")
    return total if answer == "sum" else announced


def _compare_total(made: Read) -> None:
    total = sum((leaf.points for leaf in made.leaves if enters_maximum(leaf)), Decimal(0))
    if made.table.total:
        row, announced = made.table.total
        has_doubts = any(root.row.is_refused or _has_doubts(root) for root in made.table.roots)
        made.announced_total = announced if has_doubts else _meant(row, announced=announced, total=total)


def _read_parts(node: Node, made: Read, *, section: SectionSpec | None, sign: str) -> None:
    """Read a criterion whose parts are scored one by one."""
    code = _code(node)
    place = len(made.leaves)
    whole = _leaf(node, WrittenRule("parts"), section=section, sign=sign)
    made.leaves.append(whole)
    made.nodes[code] = node
    for child in node.children:
        if child.children:
            child.row.refuse("number", _("a part of its own: parts of parts are not scored"))
        _read_leaf(child, made, section=section, sign=sign, parent=code)
    parts = made.leaves[place + 1 :]
    total = sum((leaf.points for leaf in parts), Decimal(0))
    if node.points is not None and total != node.points and not any(child.row.is_refused for child in node.children):
        sums = {"points": number(node.points), "total": number(total)}
        node.row.refuse("points", _("%(total)s, what its parts add up to: correct the parts or the whole") % sums)
    made.leaves[place] = replace(whole, points=total)


def _read_leaf(
    node: Node,
    made: Read,
    *,
    section: SectionSpec | None,
    sign: str,
    parent: str = "",
    options: Sequence[Node] = (),
    listed: Sequence[Node] = (),
) -> None:
    """Read a criterion: `options` are rows of answers to choose from, `listed` rows that explain it."""
    if len(made.leaves) == MOST_CRITERIA:
        node.row.refuse("", _("at most %(most)s criteria in a set") % {"most": MOST_CRITERIA})
    if len(made.leaves) >= MOST_CRITERIA:
        return
    rule = _rule_of_options(options) if options else _rule(node)
    if rule is None:
        return
    leaf = _leaf(node, rule, section=section, sign=sign)
    explained = [f"- {child.title}" for child in listed]
    guidance = "\n".join(filter(None, [leaf.guidance, *explained]))
    made.leaves.append(replace(leaf, parent=parent, guidance=guidance))
    made.nodes.setdefault(leaf.code, node)
    if made.nodes[leaf.code] is not node and not node.row.is_refused:
        expected = _("a code of its own: row %(row)s has %(code)s already")
        node.row.refuse("code", expected % {"row": made.nodes[leaf.code].row.number, "code": leaf.code})


def _rule_of_options(options: Sequence[Node]) -> WrittenRule:
    answers = tuple(OptionSpec(child.title, child.points or Decimal(0)) for child in options)
    return WrittenRule("choice", options=answers, most=max(answer.points for answer in answers))


def _rule(node: Node) -> WrittenRule | None:
    """Return how a criterion is scored; words that are not recognised are asked about, and kept as guidance."""
    if not node.pieces.get("rule"):
        if node.points is not None and _is_empty_heading(node):
            node.row.refuse("rule", _("criteria below this heading; or how it is scored, if it is a criterion itself"))
            return None
        return WrittenRule("met")
    try:
        rule = read_rule(_with_points(node)) or read_rule(node.text("rule"))
    except NotThis as expected:
        node.row.refuse("rule", str(expected))
        return None
    if rule is None:
        return None if node.row.faults else _asked_rule(node)
    if rule.is_before and rule.deadline:
        return _with_last_day(node.row, rule, rule.deadline)
    return rule


def _is_empty_heading(node: Node) -> bool:
    """Tell whether a row without rows below it stands among headings alone, or bears a number as headings do:
    I and II where another of them has criteria. A column of headings says it outright."""
    if node.level is not None:
        return node.level == 0
    others = [each for each in node.siblings if each is not node]
    if node.numbering and node.numbering.rank in (LETTER, ROMAN):
        return any(_has_criteria(each) for each in others)
    return bool(others) and all(_has_criteria(each) for each in others)


def _has_criteria(node: Node) -> bool:
    return any(not (child.numbering and child.numbering.is_small) for child in node.children)


def _with_points(node: Node) -> str:
    """Return the rows of a rule, each with the points beside it where those differ from row to row."""
    pieces = node.pieces["rule"]
    beside = [points for _text, points in pieces]
    if len(pieces) < 2 or len(set(beside)) < 2 or None in beside:
        return node.text("rule")
    return "\n".join(f"{text}: {points}" for text, points in pieces)


def _asked_rule(node: Node) -> WrittenRule | None:
    options = [
        ("met", _("met or not met; the words are kept as guidance")),
        ("part", _("points from 0 to the maximum; the words are kept as guidance")),
        ("fact", _("not scored; the words are kept as guidance")),
    ]
    answer = node.row.ask("rule", options)
    if answer is None:
        return None
    node.pieces.setdefault("guidance", []).append((node.text("rule"), None))
    return WrittenRule(answer, fact_kind="text" if answer == "fact" else "")


def _with_last_day(row: TableRow, rule: WrittenRule, day: datetime.date) -> WrittenRule | None:
    before = day - datetime.timedelta(days=1)
    label = _("the last day that counts is %(day)s")
    options = [(each.isoformat(), label % {"day": document_date(each)}) for each in (day, before)]
    answer = row.ask("rule", options)
    return replace(rule, deadline=datetime.date.fromisoformat(answer)) if answer else None


def _leaf(node: Node, rule: WrittenRule, *, section: SectionSpec | None, sign: str) -> LeafSpec:
    row = node.row
    is_negative = node.points is not None and node.points < 0
    sign = rule.sign or sign or ("deduction" if is_negative else "")
    if rule.kind in ("fact", "parts"):
        sign = ""
    row.notes.extend(note for note in rule.notes if note not in row.notes)
    title = node.title
    return LeafSpec(
        code=_code(node),
        name=title,
        kind=rule.kind,
        points=_leaf_points(node, rule),
        section=section.path if section else "",
        printed_number=node.numbering.text[:NUMBER_LIMIT] if node.numbering and node.numbering.rank != DASH else "",
        heading=row["heading"] or _shortened(title),
        sign=sign,
        check_way=row["check_way"] or "",
        guidance=node.text("guidance"),
        evidence_needed=node.text("evidence"),
        legal_basis=node.text("basis").replace("\n", "; "),
        needs_evidence=row["needs_evidence"] == "yes",
        fact_kind=rule.fact_kind,
        fact_label=_shortened(title, 120) if rule.fact_kind else "",
        fact_unit=_unit(row, rule.unit),
        threshold=rule.threshold,
        threshold_rule=rule.threshold_rule or "at_least",
        deadline=rule.deadline,
        options=rule.options,
        steps=rule.steps,
    )


def as_code(number: str) -> str:
    """Return a number as the code that stands for it in addresses: "I.1.1" is "I-1-1"."""
    return number.replace(".", "-").replace("đ", "dd")


def _code(node: Node) -> str:
    """Return the code that is written, else the numbers down to the row; found again in the next version by it."""
    if node.row["code"]:
        return str(node.row["code"])
    code = as_code(node.path)
    return code if len(code) <= CODE_LIMIT else f"t{node.row.number}"


def _unit(row: TableRow, unit: str) -> str:
    if len(unit) > UNIT_LIMIT:
        row.refuse("rule", _("a unit of at most %(most)s characters behind the number") % {"most": UNIT_LIMIT})
        return ""
    return unit


def _shortened(text: str, limit: int = HEADING_LIMIT) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rsplit(' ', 1)[0]}…"


def _leaf_points(node: Node, rule: WrittenRule) -> Decimal:
    """Return the points of a criterion, held against the highest that its rule names."""
    row, points = node.row, abs(node.points) if node.points is not None else None
    if rule.kind in ("fact", "parts"):
        if points and rule.kind == "fact":
            row.refuse("points", _("no points: the criterion is not scored"))
        return points or Decimal(0)
    if points is None:
        points = rule.most
    if not points:
        if not row.is_refused:
            row.refuse("points", _("points above 0, or “Không chấm điểm” under Cách chấm; a heading has rows below it"))
        return Decimal(0)
    _compare_most(row, rule, points)
    return points


def _compare_most(row: TableRow, rule: WrittenRule, points: Decimal) -> None:
    if rule.most is None or rule.most == points:
        return
    values = {"most": number(rule.most), "points": number(points)}
    if rule.most > points:
        row.refuse("rule", _("at most %(points)s points, the maximum of the row: %(most)s is more") % values)
    else:
        row.refuse("rule", _("an answer that earns all %(points)s points: the highest has %(most)s") % values)


def _refuse_codes(made: Read) -> None:
    """Refuse codes that differ by case alone."""
    counted = Counter(code.casefold() for code in made.nodes)
    for leaf in made.leaves:
        if counted[leaf.code.casefold()] > 1 and not made.nodes[leaf.code].row.is_refused:
            made.nodes[leaf.code].row.refuse("code", _("a code of its own in the set"))
