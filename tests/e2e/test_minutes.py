"""The minutes in Chromium: written on a phone, printed, signed, verified from the paper."""

import re
import subprocess

from criteria.inspections.models import Minutes
from tests.e2e.conftest import until
from tests.e2e.test_path import answer_all, checklist_of
from tests.support.papers import opened


def to_minutes(page, url: str) -> None:
    page.goto(url)
    answer_all(page, 13)
    with page.expect_navigation(url=re.compile("/bien-ban/$")):
        page.locator("button[name=action][value=minutes]").click()


def test_from_the_checklist_to_the_word_file_on_a_phone(portal, open_page, tmp_path):
    url, enrolment = checklist_of(portal, "27202")
    page = open_page("kiemtra", 390, accept_downloads=True)
    to_minutes(page, url)
    page.fill("input[name=started_hour]", "8:30")
    page.fill("input[name=started_on]", "14/10/2019")
    page.fill("input[name=ward-0-full_name]", "Trần Thị Bích")
    # A criterion is not met and has no recommendation: the paper asks first.
    page.locator("button[name=action][value=word]").click()
    with page.expect_download() as download:
        page.locator("[role=alert] a.button").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "bien-ban-kiem-tra-phuong-6-quan-10.docx"
    document = opened(path.read_bytes())
    assert any("08 giờ 30 ngày 14 tháng 10 năm 2019" in paragraph.text for paragraph in document.paragraphs)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    foot = document.sections[0].footer.paragraphs[0].text
    code, check = re.search(r"Mã: (\S+) · Đối chiếu: (\S+) ·", foot).groups()
    page.goto(f"{portal}/bien-ban/")
    page.fill("input[name=ma]", code.lower().replace("-", " "))
    page.fill("input[name=doi_chieu]", check)
    page.locator("main form button").click()
    page.wait_for_url(f"**/bien-ban/{code}/{check}/")
    assert page.locator(".verdict-same").count() == 1
    assert Minutes.objects.get(inspection=enrolment.inspection).code == code.replace("-", "")


def test_the_printed_page_has_the_code_on_every_sheet(portal, open_page, tmp_path):
    url, enrolment = checklist_of(portal, "27202")
    page = open_page("kiemtra")
    to_minutes(page, url)
    page.locator("button[name=action][value=print]").click()
    with page.expect_navigation(url=re.compile("/in/$")):
        page.locator("[role=alert] a.button").click()
    until(page, "document.querySelector('.official-foot img').naturalWidth > 0")
    printed = tmp_path / "in.pdf"
    page.pdf(path=printed, prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", "-layout", printed, "-"], check=True, capture_output=True, text=True).stdout
    sheets = text.split("\f")[:-1]
    code = Minutes.objects.get(inspection=enrolment.inspection).code
    assert len(sheets) >= 2
    assert all(f"Mã: {code[:4]}-{code[4:]} · Đối chiếu: " in sheet for sheet in sheets)
    assert sheets[1].strip().splitlines()[0].strip() == "2"


def test_the_minutes_are_an_ordinary_form_without_scripts(portal, open_page):
    url, enrolment = checklist_of(portal, "27202")
    page = open_page("kiemtra", 390, java_script_enabled=False)
    to_minutes(page, url)
    page.fill("input[name=ward-0-full_name]", "Trần Thị Bích")
    before = page.locator("input[name$=full_name]").count()
    with page.expect_navigation():
        page.locator("button[name=action][value=rows]").click()
    # Two of each side: team, unit, others concerned and witnesses.
    assert page.locator("input[name$=full_name]").count() == before + 8
    assert page.input_value("input[name=ward-0-full_name]") == "Trần Thị Bích"
    with page.expect_navigation():
        page.locator("button[name=action][value=save]").click()
    minutes = Minutes.objects.get(inspection=enrolment.inspection)
    assert minutes.participants.filter(full_name="Trần Thị Bích", part="leader").exists()
