"""A draft criteria set for 2026: the questions of phase 1 in today's words and bases, and the facts
that an office needs after the mergers.

The portal proposes it; no act lays it down, and no round uses it before somebody proposes it.
`load_baseline` adds it to a new installation and a migration to the others; one that is there stays
as people have it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from archiveportal.baseline import rows_without_source
from archiveportal.roman import roman

DATA = Path(__file__).parent / "data"
#: identifies the draft, and the set that it follows
DRAFT_KEY, EARLIER_KEY = {"code": "vtlt-2026", "version": 1}, {"code": "gd1", "version": 1}
DRAFT = {
    "name": "Bộ tiêu chí năm 2026 (dự thảo)",
    "status": "draft",
    "legal_basis": "Luật Lưu trữ số 33/2024/QH15; Nghị định số 30/2020/NĐ-CP.",
    "note": (
        "Dự thảo do hệ thống soạn để lãnh đạo xem xét, chưa được cơ quan nào ban hành. Gồm 23 câu hỏi của giai đoạn 1 "
        "theo từ ngữ và văn bản hiện hành, cùng các số liệu cần có sau sắp xếp đơn vị hành chính, không tính điểm. "
        "Căn cứ nào chưa rõ thì để trống; Đề án theo Quyết định số 2083/QĐ-UBND chưa đọc được toàn văn nên chưa dẫn. "
        "Tài liệu đã số hóa tính bằng mét giá, như tài liệu đã chỉnh lý và tồn đọng, để so sánh được với nhau; "
        "số trang ghi ở ghi chú."
    ),
}
#: acts that the set as a whole rests on
BASES = ("33/2024/QH15", "30/2020/NĐ-CP")
#: kinds of unit that it is meant for
KINDS = ("phuong", "xa", "dac_khu")
BAND_FIELDS = ("position", "label", "lower_percent")
REASON = "Dự thảo bộ tiêu chí năm 2026"


def add_draft(apps: Any) -> None:
    """Add the draft where the set of phase 1 is and the draft is not.

    `apps` are those of the portal, or of a migration.
    """
    draft = _Draft(apps)
    if draft.earlier is not None and not draft.is_there:
        draft.add()


class _Draft:
    """The rows of the draft in the making, of models that may be historical ones."""

    def __init__(self, apps: Any) -> None:
        self.apps = apps
        sets = self._rows("CriteriaSet")
        self.earlier = sets.filter(**EARLIER_KEY).first()
        self.is_there = sets.filter(code=DRAFT_KEY["code"]).exists()

    def _rows(self, model: str) -> Any:
        return self.apps.get_model("criteria", model).objects

    def _add(self, model: str, rows: Iterator[dict[str, Any]]) -> list[Any]:
        made = self.apps.get_model("criteria", model)
        return self._rows(model).bulk_create([made(**row) for row in rows])

    def add(self) -> None:
        """Write the set with its parts, with an event for the set, each act cited and each recommendation."""
        self.set = self._rows("CriteriaSet").create(**DRAFT_KEY, **DRAFT, replaces=self.earlier)
        self.acts = {act.number: act for act in self._rows("LegalAct").all()}
        self._tell("criteria.criteriaset", self.set.pk, DRAFT["name"])
        self._add_leaves()
        bands = rows_without_source(DATA / "bands.csv")
        self._add("Band", (self._band(row) for row in bands))
        self._add("SetKind", ({"criteria_set": self.set, "kind": kind} for kind in KINDS))
        bases = [self.acts[number] for number in BASES if number in self.acts]
        self._add("SetBasis", ({"criteria_set": self.set, "act": act} for act in bases))
        self._cite()
        self._add("Crossing", self._crossings())
        self._add_sentences()

    def _add_leaves(self) -> None:
        listed = list(rows_without_source(DATA / "criteria_2026.csv"))
        titles = dict.fromkeys((row["group"], row["group_en"]) for row in listed)
        headings = [
            {"criteria_set": self.set, "position": place, "number": roman(place), "title": title, "title_en": english}
            for place, (title, english) in enumerate(titles, start=1)
        ]
        sections = {section.title: section for section in self._add("Section", iter(headings))}
        leaves = self._add("Criterion", (self._leaf(row, sections[row["group"]]) for row in listed))
        self.leaves = {leaf.code: leaf for leaf in leaves}

    def _leaf(self, row: Mapping[str, str], section: Any) -> dict[str, Any]:
        """A row with a number is a criterion and counts; one without is a fact."""
        is_counted = bool(row["number"])
        return {
            **row,
            "criteria_set": self.set,
            "section": section,
            "number": row["number"] or None,
            "fact_minimum": row["fact_minimum"] or None,
            "kind": "met" if is_counted else "fact",
            "has_outcome": is_counted,
            "is_counted": is_counted,
        }

    def _band(self, row: Mapping[str, str]) -> dict[str, Any]:
        bounds = {name: row[name] for name in BAND_FIELDS}
        return {**bounds, "upper_percent": row["upper_percent"] or None, "criteria_set": self.set}

    def _cite(self) -> None:
        listed = [row for row in rows_without_source(DATA / "citations_2026.csv") if row["act"] in self.acts]
        citations = [
            {
                "criteria_set": self.set,
                "criterion": self.leaves[row["criterion_code"]],
                "act": self.acts[row["act"]],
                "articles": row["articles"],
            }
            for row in listed
        ]
        made = self._add("Citation", iter(citations))
        for citation, row in zip(made, listed, strict=True):
            self._tell("criteria.citation", citation.pk, f"{row['criterion_code']}: {row['act']}")

    def _crossings(self) -> Iterator[dict[str, Any]]:
        """Yield the lines of the crosswalk; a criterion that people took out of phase 1 has none."""
        before = {criterion.code: criterion for criterion in self.earlier.criteria.all()}
        for row in rows_without_source(DATA / "crosswalk_2026.csv"):
            old, new = before.get(row["old_code"]), self.leaves[row["new_code"]]
            if old is not None or row["relation"] == "new":
                yield {
                    "criteria_set": self.set,
                    "old_criterion": old,
                    "new_criterion": new,
                    "relation": row["relation"],
                    "note": row["note"],
                }

    def _add_sentences(self) -> None:
        """Add the sentences for notes and for recommendations, where nobody wrote any under this code."""
        code = self.set.code
        if not self._rows("StockNote").filter(set_code=code).exists():
            notes = rows_without_source(DATA / "stock_notes_2026.csv")
            self._add("StockNote", ({**row, "set_code": code} for row in notes))
        if not self._rows("Recommendation").filter(set_code=code).exists():
            sentences = rows_without_source(DATA / "recommendations_2026.csv")
            for made in self._add("Recommendation", ({**row, "set_code": code} for row in sentences)):
                self._tell("criteria.recommendation", made.pk, made.text)

    def _tell(self, object_type: str, pk: int, name: str) -> None:
        self.apps.get_model("history", "Event").objects.create(
            actor_name="",
            via="command",
            action="created",
            object_type=object_type,
            object_id=pk,
            object_name=name[:300],
            changes={},
            reason=REASON,
        )
