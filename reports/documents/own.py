"""The portal's own templates, made from its document writer. `manage.py make_report_templates` writes them anew."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from archiveportal.office.baseline import reports_office
from archiveportal.office.kinds import Level
from archiveportal.word.report import Addressee, End, NewSection, ShortRule
from archiveportal.word.writer import Block, Head, Text, Title, word_file
from reports.models import ReportKind

#: the head of the templates that are shipped
SHIPPED = tuple(reports_office().head_of(Level.DEPARTMENT))
FOLDER = Path(__file__).parent.parent / "data"
#: the same file each time it is made
MADE_AT = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
NAMES = {ReportKind.ROUND: "mau-bao-cao-so-ket.docx", ReportKind.SCHEME: "mau-bao-cao-tong-ket.docx"}
PARTS = {
    ReportKind.ROUND: ["mo_dau", "phan_trien_khai", "phan_ket_qua", "hien_trang", "phan_nhan_xet", "ket_thuc"],
    ReportKind.SCHEME: ["mo_dau", "phan_ket_qua", "phan_nhan_xet", "phan_kien_nghi", "ket_thuc"],
}


def own_template(kind: ReportKind, head: Sequence[str] = SHIPPED) -> bytes:
    """Return the portal's own template with the agency that issues the report at its head."""
    if tuple(head) != SHIPPED:
        return make_own_template(kind, head)
    return (FOLDER / NAMES[kind]).read_bytes()


def make_own_template(kind: ReportKind, head: Sequence[str] = SHIPPED) -> bytes:
    blocks: list[Block] = [
        Head(head, "{{ so_ky_hieu }}", "{{ noi_ngay }}"),
        Title("BÁO CÁO", "{{ trich_yeu }}"),
        ShortRule(),
        *([Addressee("{{ kinh_gui }}")] if kind == ReportKind.SCHEME else []),
        *(Text(f"{{{{ {name} }}}}") for name in PARTS[kind]),
        End(["{{ noi_nhan }}"], ["{{ chuc_danh_ky }}"], "{{ nguoi_ky }}"),
    ]
    if kind == ReportKind.ROUND:
        blocks += [NewSection(is_landscape=True), Text("{{ phu_luc }}"), Text("{{ bang_hien_trang }}")]
    return word_file(blocks, title="Mẫu báo cáo", made_at=MADE_AT)
