"""What is done with units, schemes, sheets and links for first use, for the test of the history."""

import datetime
import uuid
from dataclasses import replace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from archiveportal.accounts import first_links
from archiveportal.accounts import services as accounts
from archiveportal.accounts.handing_over import hand_over
from archiveportal.accounts.models import Role, User
from archiveportal.history.models import Via
from archiveportal.history.services import digest
from archiveportal.imports import services as imports
from archiveportal.office import services as offices
from archiveportal.office.baseline import OFFICE
from archiveportal.office.models import Office, Signatory
from archiveportal.sheets.kinds import KINDS
from criteria import act_services, illustrations, recommendations
from criteria.building.services.whole_set import specification_of, write_whole_set
from criteria.models import CriteriaSet, LegalAct
from criteria.specification import CrossingSpec
from tests.support.sheets import accounts_sheet
from tests.support.training import course_values
from training.models import Category, Scheme
from training.services import categories, courses, schemes, year_targets
from wards import services as units
from wards.contacts import UnitContact
from wards.models import District, Grouping, UnitGroup, Ward


def enter_the_office(watch, cast):
    by, day = cast.administrator, datetime.date(2027, 3, 1)
    office = watch(offices.enter_office, office=Office(first_day=day, **OFFICE | {"symbol": "SVH"}), by=by)
    made_on, office.symbol = digest(office, offices.OFFICE_FIELDS), "SVHTT"
    watch(offices.correct_office, office=office, made_on=made_on, by=by)
    signatory = Signatory(kind="pause", level="department", titles="GIÁM ĐỐC", symbol="QĐ-SVH", first_day=day)
    watch(offices.enter_signatory, signatory=signatory, by=by)
    made_on, signatory.name = digest(signatory, offices.SIGNATORY_FIELDS), "Lê Văn A"
    watch(offices.correct_signatory, signatory=signatory, made_on=made_on, by=by)


def use_first_links(watch, cast):
    """A person without a password gets a link, a newer one, a slip, and another one uses a link."""
    by = cast.administrator
    for username in ("cho-phieu", "cho-link"):
        account = User(username=username, full_name=f"Người {username}", role=Role.INSPECTOR, email="hop@thu.vn")
        watch(accounts.create_accounts, accounts=[account], by=by, via=Via.IMPORT)
        watch(first_links.make_links, accounts=[account], by=by, via=Via.IMPORT, batch=1)
        watch(first_links.make_link, account=account, by=by, via=Via.IMPORT, batch=1)
        account.position, account.email = "Công chức", f"{username}@thu.vn"
        watch(accounts.update_accounts, accounts=[account], made_on=[None], by=by, via=Via.IMPORT)
        link = watch(first_links.renew_link, account=account, by=by)
        watch(first_links.send_links, links=[link], address="https://vtlt.example", by=by)
    watch(first_links.make_slips, accounts=[User.objects.get(username="cho-phieu")], by=by)
    watch(first_links.use_link, link=link, password="mot-mat-khau-moi-2026")
    watch(accounts.choose_daily_mail, account=User.objects.get(username="cho-link"), wants=False)


def take_in_sheets(watch, cast):
    """One sheet is handed in, answered and confirmed, another one dropped."""
    by, kind = cast.administrator, KINDS["accounts"]
    content = accounts_sheet(("Trần Thị Bê", "Lãnh đạo Sở", "", "", "Trưởng phòng", "be@tphcm.gov.vn", "0912345678"))
    upload = SimpleUploadedFile("tai-khoan.xlsx", content)
    made = watch(imports.begin_import, kind=kind, upload=upload, by=by)
    answer = {"question": "full_name:tran thi be", "value": "new", "keeps": True}
    made = watch(imports.answer_question, made=made, by=by, **answer)
    imports.check_again(made=made, by=by)
    watch(imports.confirm_import, made=made, shown=made.stored_plan.digest, by=by)
    other = imports.begin_import(kind=kind, upload=SimpleUploadedFile("khac.xlsx", content), by=by)
    watch(imports.drop_import, made=other, by=by)


def write_sets_as_sheets_say(watch, cast):
    """A made-up set is written whole, changed while nobody uses it, and followed by a version with other grades."""
    illustrations.load()
    made = CriteriaSet.objects.get(code="minh-hoa-diem-liet")
    said = specification_of(made)
    sections = (replace(said.sections[0], title="An toàn tài liệu lưu trữ"), *said.sections[1:])
    leaves = (replace(said.leaves[0], points=said.leaves[0].points + 1), *said.leaves[1:-1])
    changed = replace(said, sections=sections, leaves=leaves, bars=said.bars[:1], announced_total=18)
    watch(write_whole_set, specification=changed, by=cast.approver, via=Via.IMPORT)
    crossings = tuple(CrossingSpec(leaf.code, leaf.code, "same") for leaf in leaves)
    following = replace(changed, version=2, bands=said.bands[1:], bars=(), crossings=crossings)
    watch(write_whole_set, specification=following, by=cast.approver, via=Via.IMPORT)


def hand_over_an_account(watch, cast):
    leaving = User(username="cu", full_name="Người cũ", role=Role.DISTRICT, district=cast.quan10.district)
    watch(accounts.create_account, account=leaving, by=cast.administrator)
    handed = {"since": localdate(), "open_matters": "Còn hai kiến nghị.", "by": cast.administrator}
    watch(hand_over, leaving=leaving, successor=cast.quan10, **handed)


def enter_units(watch, cast):
    district = District(code="D999", name="thử", kind="quan", ward_count=3)
    watch(units.create_district, district=district, by=cast.administrator)
    district.name, district.ward_count = "thử hai", 4
    watch(units.update_district, district=district, by=cast.administrator)
    ward = Ward(code="W999", name="Một", kind="phuong", district=district)
    watch(units.create_ward, ward=ward, by=cast.administrator)
    ward.kind, ward.legal_act = "xa", "NQ 1"
    watch(units.update_ward, ward=ward, by=cast.administrator)
    ward.legal_act = "NQ 2"
    watch(units.update_wards, wards=[ward], made_on=[None], by=cast.administrator, via=Via.IMPORT)
    entry = UnitContact(ward=ward, mailbox="phuong@thu.vn")
    watch(units.save_contact, contact=entry, by=cast.administrator)
    entry.telephone = "028 3829 1234"
    watch(units.save_contact, contact=entry, confirms=True, by=cast.thanhan)
    entry.seat = "58B Nguyễn Đình Chiểu"
    sheet = {"contacts": [entry], "made_on": [None], "confirmed_on": [localdate()], "via": Via.IMPORT}
    watch(units.save_contacts, by=cast.administrator, **sheet)
    steps = [{"begin": {"code": "30009", "kind": "xa", "name": "Mới", "district": None, "province": None}}]
    watch(units.take_in_units, steps=steps, by=cast.administrator, via=Via.IMPORT)


def group_units(watch, cast):
    by = cast.approver
    grouping = watch(units.create_grouping, grouping=Grouping(code="khu-vuc", name="Khu vực"), by=by)
    grouping.name, grouping.first_day = "Cụm", datetime.date(2025, 7, 1)
    watch(units.update_grouping, grouping=grouping, by=by)
    slip, group = (
        watch(units.create_group, group=UnitGroup(grouping=grouping, code=code, name=code), by=by)
        for code in ("nham", "khu-vuc-1")
    )
    watch(units.remove_group, group=slip, by=by)
    group.name = "Khu vực 1"
    watch(units.update_group, group=group, by=by)
    values = {"grouping": grouping, "wards": list(Ward.objects.all()[:2]), "by": by}
    watch(units.assign_units, group=group, **values)
    watch(units.assign_units, group=None, since=datetime.date(2026, 1, 1), **values)


def set_up_schemes(watch, cast):
    """A scheme is copied, its categories and targets are set, and another one is removed."""
    by = cast.approver
    copied = Scheme.objects.get(is_baseline=True)
    new = Scheme(code="12-2026", name="Đề án mới", legal_basis="QĐ 12", starts_year=2026, ends_year=2027)
    scheme = watch(schemes.create_scheme, scheme=new, copied_from=copied, by=by)
    scheme.name, made_on = "Đề án sửa", digest(scheme, schemes.SCHEME_FIELDS)
    watch(schemes.edit_scheme, scheme=scheme, made_on=made_on, by=by)
    category = Category(scheme=scheme, name="Tập huấn mới", kind="briefing", unit="persons")
    category = watch(categories.add_category, category=category, by=by)
    watch(categories.move_category, category=category, is_up=True, by=by)
    key = (category.pk, 2026)
    for target in (40, 50):
        decision = year_targets.TargetDecision(f"QĐ {target}", localdate())
        watch(year_targets.decide_targets, scheme=scheme, decision=decision, targets={key: target}, by=by)
    row = category.year_targets.last()
    row.target, made_on = 55, digest(row, year_targets.TARGET_FIELDS)
    watch(year_targets.correct_target, target=row, made_on=made_on, by=by)
    values = course_values(category, follows_rule=True, enters_summary=False)
    watch(courses.create_course, scheme=scheme, values=values, by=cast.inspector, submission_id=uuid.uuid4())
    category.refresh_from_db()
    category.summary_rule, made_on = "all", digest(category, categories.CATEGORY_FIELDS)
    watch(categories.edit_category, category=category, made_on=made_on, by=by)
    watch(categories.remove_category, category=scheme.categories.first(), by=by)
    empty = Scheme(code="trong", name="Đề án trống", legal_basis="QĐ 13", starts_year=2026, ends_year=2027)
    watch(schemes.create_scheme, scheme=empty, copied_from=copied, by=by)
    watch(schemes.remove_scheme, scheme=empty, by=by)


def cite_and_recommend(watch, cast, criteria_set):
    """An act is added and corrected, cited twice and no longer cited; a recommendation is put in other words."""
    act = LegalAct(number="12/2026/TT-BNV", kind="Thông tư", title="thử", issuer="Bộ Nội vụ", issued_on=localdate())
    act = watch(act_services.create_act, act=act, by=cast.approver)
    act.title, made_on = "thử sửa", digest(act, act_services.ACT_FIELDS)
    watch(act_services.edit_act, act=act, made_on=made_on, by=cast.approver)
    cited = watch(
        act_services.cite, criterion=criteria_set.criteria.first(), act=act, articles="Điều 1", by=cast.approver
    )
    watch(act_services.cite, criterion=cited.criterion, act=act, articles="Điều 2", by=cast.approver)
    watch(act_services.uncite, citation=cited, by=cast.approver)
    sentences = recommendations.recommendations(criteria_set)
    made_on = recommendations.digest(sentences)
    sentences |= {"TC01": "Ban hành."}
    watch(
        recommendations.edit_recommendations,
        criteria_set=criteria_set,
        sentences=sentences,
        made_on=made_on,
        by=cast.approver,
    )
    return criteria_set
