"""One ward from the store room to the closed finding: two inspectors, one without a network for a while."""

import datetime
import io
import re
import subprocess

import docx
import pytest
from django.db import DatabaseError, connection, transaction
from PIL import Image
from playwright.sync_api import expect

from archiveportal.history.models import Event
from criteria.inspections.models import Evidence, Finding, Inspection, KeptAnswer
from tests.e2e.conftest import give, until
from tests.e2e.test_offline import all_sent, load_checklists, open_checklist
from tests.e2e.test_path import checklist_of


def choose(page, outcomes: dict[int, str]) -> None:
    for number, outcome in outcomes.items():
        give(page, number, outcome)


def press(page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).click()


def test_from_the_store_room_to_the_closed_finding(portal, open_page, tmp_path):
    url, enrolment = checklist_of(portal, "27202")
    mine, theirs = open_page("kiemtra", 390), open_page("kiemtra2", 390)

    # Two inspectors at once; one loses the network and goes on answering, with a photograph.
    load_checklists(mine, portal)
    open_checklist(mine, url)
    mine.context.set_offline(True)
    choose(mine, dict.fromkeys(range(1, 13), "met") | {5: "not_met"})
    picture = io.BytesIO()
    Image.new("RGB", (800, 600), (90, 120, 60)).save(picture, "JPEG")
    mine.locator("#TC15 input[type=file]").set_input_files(
        {"name": "kho.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    )
    mine.wait_for_selector("#TC15 [data-waiting-photo]")
    open_checklist(theirs, url)
    choose(theirs, dict.fromkeys(range(13, 24), "met") | {5: "met"})
    all_sent(theirs)
    assert enrolment.inspection.results.count() == 12

    # The network is back: everything is in the record, or in a conflict that both can see.
    mine.context.set_offline(False)
    all_sent(mine)
    assert enrolment.inspection.results.exclude(outcome="").count() == 23
    assert Evidence.objects.get(inspection=enrolment.inspection).file.kind == "picture"
    kept = KeptAnswer.objects.get(inspection=enrolment.inspection)
    assert (kept.criterion.code, kept.values["outcome"], kept.reason) == ("TC05", "not_met", "conflict")
    open_checklist(theirs, url)
    expect(theirs.locator(f"#TC05 [data-kept='{kept.pk}']")).to_be_visible()
    open_checklist(mine, url)
    mine.locator(f"#TC05 [data-kept='{kept.pk}'] button[data-settle][value='1']").click()
    until(mine, "!document.querySelector('#TC05 [data-kept]')")
    assert enrolment.inspection.results.get(criterion__code="TC05").outcome == "not_met"

    # A recommendation, the minutes, the signing, the submission.
    mine.goto(f"{url}kien-nghi/TC05/")
    mine.fill("textarea[name=recommendation]", "Ban hành Danh mục hồ sơ năm 2020.")
    mine.fill("input[name=due_on]", f"{datetime.date.today() + datetime.timedelta(days=30):%d/%m/%Y}")
    press(mine, "main form .button.main")
    mine.goto(f"{url}bien-ban/")
    mine.fill("input[name=started_hour]", "8:30")
    mine.fill("input[name=started_on]", "14/10/2019")
    mine.fill("input[name=ward-0-full_name]", "Trần Thị Bích")
    with mine.expect_download() as download:
        mine.locator("button[name=action][value=word]").click()
    paper = tmp_path / "bien-ban.docx"
    download.value.save_as(paper)
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "pdf", "--outdir", tmp_path, paper], check=True, capture_output=True
    )
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "bien-ban.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    # Where a letter comes from another font, pdftotext may see a space.
    assert "BanhànhDanhmụchồsơnăm2020." in re.sub(r"\s", "", text)
    mine.goto(f"{url}bien-ban/ky/")
    press(mine, "main form .button.main")
    mine.goto(url)
    press(mine, f"form[action='{url.removeprefix(portal)}trinh-duyet/'] button")

    # Returned with a reason, submitted again, approved by another person.
    approver = open_page("lanhdaochicuc")
    approver.goto(url)
    approver.fill("textarea[name=reason]", "Ghi rõ kết quả kiểm tra kho.")
    press(approver, f"form[action='{url.removeprefix(portal)}tra-lai/'] button")
    mine.goto(url)
    assert "Ghi rõ kết quả kiểm tra kho." in mine.locator("main").inner_text()
    press(mine, f"form[action='{url.removeprefix(portal)}trinh-duyet/'] button")
    approver.goto(url)
    press(approver, f"form[action='{url.removeprefix(portal)}phe-duyet/'] button")
    inspection = Inspection.objects.get(enrolment=enrolment)
    assert (inspection.status, inspection.score) == ("approved", 22)

    # The code in the foot of the paper finds the record and says that it still matches.
    foot = docx.Document(paper).sections[0].footer.paragraphs[0].text
    code, check = re.search(r"Mã: (\S+) · Đối chiếu: (\S+) ·", foot).groups()
    officer = open_page("quan10", 390)
    officer.goto(f"{portal}/bien-ban/{code}/{check}/")
    assert officer.locator(".verdict-same").count() == 1

    # The district answers the finding, an inspector closes it.
    finding = Finding.objects.get(inspection=inspection)
    officer.goto(f"{portal}/")
    officer.locator(f"a[href='/kien-nghi/{finding.pk}/']").first.click()
    officer.wait_for_url("**/kien-nghi/**")
    officer.fill("textarea[name$=text]", "Đã ban hành Danh mục hồ sơ kèm Quyết định số 12/QĐ-UBND.")
    press(officer, "form[action$='/tra-loi/#answers'] .button.main")
    mine.goto(f"{portal}/kien-nghi/{finding.pk}/")
    press(mine, "button[name$=decision][value=accept]")
    finding.refresh_from_db()
    assert finding.status == "closed"

    # The timeline tells the whole story, and the database lets nobody rewrite it.
    mine.goto(f"{url}lich-su/")
    story = mine.locator("main").inner_text()
    for step in ("trình duyệt", "trả lại", "phê duyệt", "biên bản đã ký", "chấp nhận kết quả khắc phục", "ngoại tuyến"):
        assert step in story, step
    for statement in ("UPDATE history_event SET actor_name = 'x'", "DELETE FROM history_event"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Event.objects.exists()
