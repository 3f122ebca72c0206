"""What is done with the papers of an inspection, for the test of the history."""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from archiveportal.office.kinds import PaperKind
from criteria.inspections.models import OfficialPaper, PlanApproval
from criteria.inspections.services import official_papers as papers
from criteria.inspections.services import plan_approvals as approvals
from tests.support.factories import enrol, make_round, make_set, make_ward
from tests.support.pdf import pdf_of
from tests.support.pictures import word_file

MADE = papers.MadeWord("van-ban.docx", word_file())
WORDS = {"title": "THÔNG BÁO"}


def write_papers(watch, cast):
    by, inspection_round = cast.approver, make_round(make_set(2))
    about = papers.About(PaperKind.VISIT_NOTICE, inspection_round, None, enrol(inspection_round, make_ward()))
    paper = watch(papers.draft_paper, about=about, by=by)
    paper = watch(papers.write_words, paper=paper, words={"name": "Lê Văn A"}, version=paper.version, by=by)
    paper = watch(papers.make_to_sign, paper=paper, made=MADE, words=WORDS, by=by)
    paper = watch(papers.take_back_to_draft, paper=paper, by=by)
    paper = watch(papers.make_to_sign, paper=paper, made=MADE, words=WORDS, by=by)
    number = papers.Number("12/TB-CCVTLT", datetime.date(2026, 1, 5))
    paper = watch(papers.issue_paper, paper=paper, number=number, made=MADE, by=by)
    signed = SimpleUploadedFile("da-ky.pdf", pdf_of([["Thông báo"]]))
    paper = watch(papers.add_signed_copy, paper=paper, upload=signed, by=by)
    OfficialPaper.objects.filter(pk=paper.pk).update(signed_comparison=None)
    paper = watch(papers.compare_signed_copy, paper=paper, by=by)
    watch(papers.void_paper, paper=paper, reason="Ban hành nhầm", by=by)


def record_approvals(watch, cast):
    by, inspection_round = cast.approver, make_round(make_set(2), kind="specialised")
    words = {"number": "512/QĐ-UBND", "signer_title": "Chủ tịch", "signer_name": "Trần Văn B"}
    approval = PlanApproval(round=inspection_round, issued_on=datetime.date(2026, 1, 5), **words)
    scan = SimpleUploadedFile("phe-duyet.pdf", pdf_of([["Phê duyệt"]]))
    made = watch(approvals.save_approval, approval=approval, upload=scan, by=by)
    made.signer_title = "KT. Chủ tịch, Phó Chủ tịch"
    made = watch(approvals.save_approval, approval=made, by=by)
    watch(approvals.void_approval, approval=made, reason="Ghi nhầm đợt", by=by)
