"""Where lines of Word files and printed pages do not break."""

import pytest

from archiveportal.no_breaks import NO_BREAK, keep_together


@pytest.mark.parametrize(
    "text",
    [
        "UBND Quận~6 chọn 02~đơn~vị, UBND huyện~Cần~Giờ 05~đơn~vị",
        "phường~Tân~Thuận~Đông, Quận~7; phường~Bình~Hưng~Hòa~B; thị~trấn~Cần~Thạnh; huyện~Cần~Giờ",
        "Quyết định số~3731/QĐ-UBND ngày~31 tháng~8 năm~2018 của Ủy ban nhân dân Thành~phố Hồ~Chí~Minh",
        "Số:~5355/BC-SNV",
        "Số:~…/BC-SNV",
        "UBND PHƯỜNG~AN~ĐÔNG",
        "UBND PHƯỜNG, XÃ, THỊ TRẤN HOÀN THÀNH CÁC TIÊU CHÍ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "19~tỷ~200~triệu~đồng; 4.607.678.000~đồng; 32,59~%; đạt 9/26~đơn~vị (35%)",
        "ông Nguyễn~Văn~A, Sở~Nội vụ",
        "quận, huyện và phường, xã",
        "",
    ],
)
def test_names_numbers_and_units(text):
    plain = text.replace("~", " ")
    kept = keep_together(plain).replace(NO_BREAK, "~")
    assert kept == text
    assert len(kept) == len(plain)
