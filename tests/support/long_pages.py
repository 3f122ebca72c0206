"""The pages whose lists grow with the number of units, for the test of their size and the benchmark of their time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from criteria.inspections.models import Round

#: bytes of HTML, queries
LARGEST, MOST_QUERIES = 300_000, 12


def long_pages(inspection_round: Round) -> dict[str, list[str]]:
    """Return the addresses by the role that opens them, of a database that `simulate` filled."""
    # A benchmark imports this module before Django is set up.
    from wards.models import Ward

    code, ward = inspection_round.code, Ward.objects.order_by("pk")[0]
    of_round, report = f"/dot-kiem-tra/{code}/", f"/bao-cao/toan-canh/{code}/"
    return {
        "approver": [
            "/",
            "/dot-kiem-tra/",
            of_round,
            f"{of_round}?status=approved",
            f"{of_round}tien-do/",
            f"{of_round}ca-dot/",
            f"{of_round}ca-dot/don-vi/?step=missing",
            f"{of_round}phan-cong/",
            f"{of_round}don-vi/",
            f"{of_round}doan/",
            f"{of_round}tong-hop/",
            f"{of_round}tong-hop/?status=approved",
            f"{of_round}quan-huyen/",
            f"{of_round}muc-hoan-thanh/",
            f"{of_round}tieu-chi/",
            f"{of_round}hien-trang/",
            f"{of_round}tieu-chi/TC01/",
            f"{of_round}cac-don-vi/?status=approved",
            f"{of_round}dong/",
            report,
            f"{report}?trang=2&xep-hang=1",
            f"{report}?quan={ward.district_id}",
            "/bao-cao/",
            "/kien-nghi/",
            "/don-vi/",
            f"/don-vi/quan-huyen/{ward.district_id}/",
        ],
        "inspector": ["/"],
        "leadership": ["/"],
        "administrator": ["/don-vi/", "/don-vi/them/", "/tai-khoan/", "/tai-khoan/them/"],
    }
