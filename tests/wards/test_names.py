"""Names as people type them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiveportal.letters import clean_letters
from wards.models import District, Ward
from wards.names import SPELLINGS, split_kind
from wards.titles import KINDS_APART

WARD, DISTRICT = Ward.Kind.values, District.Kind.values


@pytest.mark.parametrize(
    ("typed", "kinds", "expected"),
    [
        ("Phường Tân Quý", WARD, ("phuong", "Tân Quý")),
        ("phường  tân quý", WARD, ("phuong", "tân quý")),
        ("PHƯỜNG 03", WARD, ("phuong", "3")),
        ("Phường 03", WARD, ("phuong", "3")),
        ("03", WARD, ("", "3")),
        ("P. 3", WARD, ("phuong", "3")),
        ("P3", WARD, ("phuong", "3")),
        ("P.Đa Kao", WARD, ("phuong", "Đa Kao")),
        ("Phú Thọ", WARD, ("", "Phú Thọ")),
        ("Xuân Thới Sơn", WARD, ("", "Xuân Thới Sơn")),
        ("Xã Thạnh An", WARD, ("xa", "Thạnh An")),
        ("Thị trấn Cần Thạnh", WARD, ("thi_tran", "Cần Thạnh")),
        ("TT. Cần Thạnh", WARD, ("thi_tran", "Cần Thạnh")),
        ("Đặc khu Côn Đảo", WARD, ("dac_khu", "Côn Đảo")),
        ("Phường", WARD, ("", "Phường")),
        ("Quận 10", WARD, ("", "Quận 10")),
        ("Quận 10", DISTRICT, ("quan", "10")),
        ("Q.10", DISTRICT, ("quan", "10")),
        ("Huyện Cần Giờ", DISTRICT, ("huyen", "Cần Giờ")),
        ("Thành phố Thủ Đức", DISTRICT, ("thanh_pho", "Thủ Đức")),
        ("TP. Thủ Đức", DISTRICT, ("thanh_pho", "Thủ Đức")),
        ("Hóc Môn", DISTRICT, ("", "Hóc Môn")),
        ("Sở Y tế", WARD, ("so", "Y tế")),
        ("Ban Dân tộc", WARD, ("ban", "Dân tộc")),
        ("Sơn Kỳ", WARD, ("", "Sơn Kỳ")),
        ("Trung tâm Lưu trữ lịch sử", WARD, ("", "Trung tâm Lưu trữ lịch sử")),
    ],
)
def test_examples(typed, kinds, expected):
    assert split_kind(typed, kinds) == expected
    assert split_kind(unicodedata.normalize("NFD", typed), kinds) == expected


def test_every_kind_has_its_spelling():
    assert {*WARD, *DISTRICT} - KINDS_APART == set(SPELLINGS)


@given(st.text(max_size=60))
def test_any_text_is_split_without_loss_of_letters(text):
    kind, name = split_kind(text, WARD)
    assert kind in ("", *WARD)
    assert name == unicodedata.normalize("NFC", name) == name.strip()
    if not kind:
        assert [letter for letter in name if letter.isalpha()] == [
            letter for letter in clean_letters(text) if letter.isalpha()
        ]
