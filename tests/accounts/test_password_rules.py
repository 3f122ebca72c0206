"""S12: passwords that everybody tries are refused, and what only one would put together is taken."""

import secrets
import string
import time

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from archiveportal.accounts.models import User
from archiveportal.accounts.services import first_password

WEAK = {
    "common words with numbers": [
        "MatKhau@123456", "Mật khẩu 123456", "matkhaucuatoi2024", "Saigon@20244", "tphcm12345678!", "vietnamvodich1",
        "Anh yêu em 2024", "iloveyou@2024", "admin@123456", "sonoivu@2026!!", "vanthuluutru2026", "kiemtra@123456",
        "hoangsatruongsa", "Phường 6 Quận 10", "ThuDuc@202424", "iloveyouforever",
    ],
    "offices, mottoes, brands and songs": [
        "tochuccanbo2026", "ChinhPhu@123456", "chinhquyendiaphuong", "chuyendoiso2026", "Dịch vụ công 2026",
        "2710/BC-SNV-2019", "Kế hoạch 123456", "doclaptudohanhphuc", "DangCongSan@1930", "motconvitxoera",
        "ngaymaitroilaisang", "facebook123456", "zalo12345678910", "gmail.com12345", "computer@2026!",
        "trustno1trustno1",
    ],
    "about the password itself, and words of the desk": [
        "bosungmatkhau", "nhaplaimatkhau", "quenmatkhauroi", "Kích hoạt 123456", "matkhautamthoi", "matkhaumayban",
        "chucmungnammoi", "giayphep123456", "tiepcongdan2026", "nghidinh302020", "luatluutru2024", "truycap@123456",
    ],
    "letters replaced": ["P@ssw0rd1234", "M@tkh@u123456", "Saig0n@202424", "4dm1n@123456"],
    "names": ["nguyenvanan2019", "Nguyen Van A 1990", "tranthihoa@123", "Minh Tuấn 1988"],
    "the own name": ["huonghuong2026", "Huong@12345678", "tran.huong@2024", "Trần Thị Thu Hương", "huong.tran2026"],
    "keys in a row": [
        "qwertyuiop123", "asdfghjkl@123", "1qaz2wsx3edc", "zaq12wsxcde3", "qazwsxedcrfv", "zxcvbnm,./123",
        "1234qwerasdf", "abcd12345678", "qwerty!@#$%^",
    ],
    "dates and numbers": ["01/01/1990-02", "30-04-1975 30", "Ngày 30/4/1975", "0903.123.456.7", "!@#$%^&*()_+"],
    "something short again and again": [
        "xyz1xyz1xyz1", "thuyen8thuyen8", "kỳk9kỳk9kỳk9kỳ", " " * 12, "aaaaaaaaaaaa",
    ],
    "the published one": ["vtlt-demo-2019", "VTLT demo 2019", "Vtlt_Demo@2019"],
}  # fmt: skip
STRONG = [
    "mot-cum-tu-khac-han", "Con mèo nằm trên nóc tủ", "tre xanh huong lua chin", "K7#pq!vR2x_w9",
    "quan trong la ngu du giac", "безопасность-ключ", "mua roi tren mai nha", "cà phê sữa đá buổi sáng",
    "8kf3-m2pq-x7nd-r4wz", "correct horse battery", "trang len cao qua dau nui", "Xe đạp cũ màu xanh",
]  # fmt: skip


def is_refused(password: str) -> bool:
    person = User(username="huong", full_name="Trần Thị Thu Hương", email="huong.tran@tphcm.gov.vn")
    try:
        validate_password(password, person)
    except ValidationError as refusal:
        assert all(refusal.messages)
        return True
    return False


@pytest.mark.parametrize("kind", WEAK)
def test_weak_passwords_are_refused(kind):
    assert [password for password in WEAK[kind] if not is_refused(password)] == []


def test_passwords_that_only_one_would_choose_are_taken():
    assert [password for password in STRONG if is_refused(password)] == []


def test_random_passwords_are_taken():
    letters = string.ascii_letters + string.digits
    made = [first_password() for _each in range(200)]
    made += ["".join(secrets.choice(letters) for _letter in range(14)) for _each in range(200)]
    assert [password for password in made if is_refused(password)] == []


def test_a_long_text_is_judged_quickly():
    started = time.process_time()
    is_refused("".join(secrets.choice(string.ascii_lowercase) for _letter in range(4096)))
    assert time.process_time() - started < 1
