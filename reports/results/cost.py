"""What the money of a round is: the cost of the work at its units.

5355/BC-SNV, II.2.a: "Kinh phí thực hiện thí điểm giai đoạn 1 tại 26 UBND phường, xã, thị trấn". It is
not the cost of inspecting, and it is never added to the funds of a training scheme.
"""

from __future__ import annotations

from archiveportal.vietnamese import short_money
from criteria.inspections.models import Round


def cost_name(inspection_round: Round) -> str:
    return f"Kinh phí thực hiện{' thí điểm giai đoạn 1' * inspection_round.is_baseline}"


def cost_sentence(inspection_round: Round, units: str) -> str:
    """Return "Kinh phí thực hiện tại 26 đơn vị là 19 tỷ 200 triệu đồng" without the stop.

    `units` is "26 đơn vị" in the words of the document. Blank while no amount is recorded.
    """
    if inspection_round.funding is None:
        return ""
    return f"{cost_name(inspection_round)} tại {units} là {short_money(inspection_round.funding)}"
