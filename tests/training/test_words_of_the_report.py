"""Rows of 2710/BC-SNV say what the report says, also in an installation that had them before."""

from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.corrections import read_corrections
from archiveportal.history.models import Event
from reports.documents.context import SchemeContext
from reports.documents.course_lines import sentence
from tests.support.training import course_values
from training.models import Course, Scheme, WorkforceCount
from training.services.courses import edit_course

MIGRATION = import_module("training.migrations.0004_words_of_the_report")
CHANGES = read_corrections(MIGRATION.VALUES, "report_key")


@pytest.fixture
def as_before(baseline):
    """Put the rows back as the release of 11/2026 loaded them."""
    for key, values in CHANGES.items():
        before = {name: MIGRATION._value(name, pair[0]) for name, pair in values.items()}
        Course.objects.filter(report_key=key).update(**before)
    WorkforceCount.objects.update(is_day_inferred=False)


def course(key: str) -> Course:
    return Course.objects.get(report_key=key, is_baseline=True)


def test_untouched_rows_get_the_words_of_the_report(as_before):
    loaded = {key: course(key).version for key in CHANGES}
    MIGRATION.correct_courses(apps, None)
    MIGRATION.mark_day_of_workforce(apps, None)
    for key, values in CHANGES.items():
        row = course(key)
        for name, pair in values.items():
            assert getattr(row, name) == MIGRATION._value(name, pair[1]), (key, name)
        assert row.version == loaded[key] + 1
    events = Event.objects.filter(object_type="training.course", action="changed")
    assert events.count() == len(CHANGES)
    shares = events.get(object_id=course("quan-11-cu-nhan").pk).changes["participant_share"]
    assert shares == ["50.00", None]
    assert WorkforceCount.objects.get().is_day_inferred
    assert "co so truong" in course("boi-duong-3-thang").search_key
    MIGRATION.correct_courses(apps, None)
    assert events.count() == len(CHANGES)


def test_what_people_changed_stays_beside_what_the_report_says(as_before, cast, sign_in):
    row = course("quan-11-cu-nhan")
    values = course_values(row.category, enters_summary=False, name=row.name, participants=2, organiser="district")
    values |= {"organiser_districts": list(row.organiser_districts.all()), "note": "Đã hỏi Quận 11"}
    values |= {"organiser_share": Decimal("40.00"), "participant_share": Decimal("60.00")}
    edit_course(course=row, values=values, base_version=row.version, by=cast.inspector)
    MIGRATION.correct_courses(apps, None)
    row.refresh_from_db()
    assert (row.organiser_share, row.participant_share, row.note) == (40, 60, "Đã hỏi Quận 11")
    assert row.reported("participant_share") is None
    response = sign_in(cast.inspector).get(reverse("training:course", args=[row.pk]))
    told = {each["field"]: (each["before"], each["after"]) for each in response.context["corrections"]}
    assert told["Tỷ lệ do người học tự chi (%)"] == ("—", "60%")


def test_half_of_quan_11_is_all_that_the_report_says(baseline):
    for key in ("quan-11-cu-nhan", "quan-11-cao-dang"):
        assert (course(key).organiser_share, course(key).participant_share) == (50, None)
        assert "tự túc" not in sentence(course(key)) and "hỗ trợ 50%" in sentence(course(key))
    assert "50% từ nguồn kinh phí đào tạo của quận, người học tự túc 50%" in sentence(course("trung-cap-quan"))


def test_audiences_subjects_and_funds_are_in_the_sentences(baseline):
    rows = SchemeContext(EVERYTHING, Scheme.objects.get(code="02-2014")).courses
    text = "\n".join(map(sentence, rows))
    for words in (
        "đối tượng là công chức làm công tác VTLT tại Chi cục Văn thư - Lưu trữ, Phòng Nội vụ các quận, huyện",
        "(Luật Lưu trữ, Nghị định, Thông tư và các văn bản hướng dẫn của Cục Văn thư và Lưu trữ Nhà nước)",
        "bằng nguồn kinh phí của cơ quan",
        "bằng nguồn kinh phí của địa phương",
        "Cơ sở Trường Đại học Nội vụ Hà Nội tại Thành phố Hồ Chí Minh (nay là Phân hiệu Trường Đại học Nội vụ Hà Nội",
        "tại các tỉnh, thành phố: An Giang, Kiên Giang, Ninh Thuận, Bình Thuận, Đồng Tháp, Trà Vinh, Khánh Hòa",
        "Trung tâm Lưu trữ quốc gia IV",
    ):
        assert words in text
    assert text.count("tại các tỉnh, thành phố") == 1


def test_a_row_of_the_report_names_its_source(cast, sign_in):
    client = sign_in(cast.inspector)
    page = client.get(reverse("training:course", args=[course("trung-cap-quan").pk])).content.decode()
    assert "Nguồn: Báo cáo số 2710/BC-SNV, I.2.a" in page and "50% cá nhân tự túc" in page
    page = client.get(reverse("training:attainment", args=["02-2014"])).content.decode()
    assert "báo cáo không nêu ngày thống kê" in page and page.count("Nguồn: Báo cáo số 2710/BC-SNV") == 2
