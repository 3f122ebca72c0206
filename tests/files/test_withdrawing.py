"""A file is withdrawn from view by another than who uploaded it, and destroyed by two people; the trace stays."""

from itertools import chain

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from archiveportal.accounts.stand_ins import name_stand_in
from archiveportal.files.models import StoredFile, Withdrawal
from archiveportal.files.places import place_of
from archiveportal.files.services import keep_made
from archiveportal.files.withdrawing import carry_out, record_destruction, withdraw_file
from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections.models import Inspection
from criteria.inspections.services.taking_over import take_over_evidence
from reports.models import ClosedFile, Closing, DocumentTemplate
from tests.support.kept_files import (
    KINDS,
    REASON,
    UPLOADED,
    of_approval,
    of_document,
    of_evidence,
    of_template,
    withdrawn,
)
from tests.support.self_assessments import handed_in_by_hand, of_unit

WITHDRAWN = "đã rút khỏi hồ sơ"


@pytest.fixture
def approved(cast) -> Inspection:
    return Inspection.objects.select_related("enrolment__round", "enrolment__ward").get(status="approved")


def test_every_field_that_keeps_files_is_known_here():
    """A new one has its pages walked below."""
    models = [model for model in apps.get_models() if model is not Withdrawal]
    fields = chain.from_iterable([*model._meta.fields, *model._meta.many_to_many] for model in models)
    links = [field for field in fields if field.related_model is StoredFile]
    keeping = {f"{field.model._meta.label_lower}.{field.name}" for field in links}
    assert keeping == set(KINDS)


@pytest.mark.parametrize("make", UPLOADED)
def test_nobody_opens_a_withdrawn_file_and_its_places_say_so(approved, cast, sign_in, make):
    kept = make(approved, cast)
    people = ["approver", "approver2", *kept.readers]
    for person in people:
        for address in kept.handed_out:
            assert sign_in(getattr(cast, person)).get(address).status_code == 200, (person, address)
    withdrawal = withdrawn(kept, cast)
    for person in people:
        client = sign_in(getattr(cast, person))
        for address in kept.handed_out:
            answer = client.get(address)
            assert answer.status_code == 410, (person, address)
            page = answer.content.decode()
            assert REASON in page and str(withdrawal.withdrawn_by) in page and kept.file.sha256 in page
        for address in kept.pages:
            page = client.get(address).content.decode()
            assert WITHDRAWN in page, (person, address)
            # No dead link: neither by its whole address nor by the short one of the checklist.
            for gone in kept.handed_out:
                assert f'"{gone}"' not in page and f"={gone.partition('minh-chung')[1]}/anh/" not in page
        # What was said of the content is gone with it.
        for address in kept.pages:
            page = client.get(address).content.decode()
            assert "Danh sách có tên công dân" not in page
            assert "Tên công dân" not in page
    about = place_of(kept.file).about
    assert Event.objects.about(about).first().reason == REASON


@pytest.mark.parametrize("make", UPLOADED)
def test_who_does_not_see_the_place_does_not_see_the_file(approved, cast, sign_in, make):
    kept = make(approved, cast)
    address = reverse("files:item", args=[kept.file.pk])
    stranger = cast.quan10 if approved.enrolment.ward.district_id != cast.quan10.district_id else cast.cangio
    is_of_the_round = make in (of_approval, of_document)
    assert sign_in(stranger).get(address).status_code == (200 if is_of_the_round else 404)
    assert sign_in(cast.administrator).get(address).status_code == 403
    for person in ("approver", *kept.readers):
        page = sign_in(getattr(cast, person)).get(address)
        assert page.status_code == 200 and kept.file.sha256 in page.content.decode()


def test_a_file_that_the_portal_made_stays(approved, cast, sign_in):
    closing = Closing.objects.create(
        kind="round",
        round=approved.enrolment.round,
        figures=[],
        digest="",
        as_of=timezone.now(),
        closed_by=cast.approver,
    )
    file = keep_made(content=b"x", name="a.docx", kind="word", by=cast.approver)
    ClosedFile.objects.create(closing=closing, file=file, order=1)
    with pytest.raises(Refused, match="chốt số liệu"):
        withdraw_file(file=file, reason=REASON, by=cast.approver2)
    page = sign_in(cast.approver2).get(reverse("files:item", args=[file.pk])).content.decode()
    assert 'value="withdraw"' not in page


def test_a_template_in_use_is_taken_back_first(approved, cast):
    kept = of_template(approved, cast)
    DocumentTemplate.objects.update(withdrawn_at=None, withdrawn_by=None)
    with pytest.raises(Refused, match="thu hồi"):
        withdrawn(kept, cast)


def test_whoever_reads_the_list_opens_what_it_names(approved, cast, sign_in):
    """A template is shown to approvers alone; a stand-in is to destroy it too."""
    kept = of_template(approved, cast)
    address = reverse("files:item", args=[kept.file.pk])
    assert sign_in(cast.inspector).get(address).status_code == 404
    withdrawn(kept, cast)
    client = sign_in(cast.inspector)
    assert address in client.get(reverse("files:withdrawn")).content.decode()
    page = client.get(address).content.decode()
    assert REASON in page and 'name="action"' not in page
    assert sign_in(cast.quan10).get(address).status_code == 404


# --- two people ---


def test_who_uploaded_a_file_does_not_withdraw_it_alone(approved, cast, sign_in):
    kept = of_document(approved, cast)
    with pytest.raises(Refused) as refusal:
        withdraw_file(file=kept.file, reason=REASON, by=cast.approver)
    assert refusal.value.code == "own_hand" and str(cast.approver2) in refusal.value.message
    # It is said before.
    page = sign_in(cast.approver).get(reverse("files:item", args=[kept.file.pk])).content.decode()
    assert str(cast.approver2) in page and 'value="withdraw"' not in page
    with pytest.raises(IntegrityError, match="withdrawal_by_another"), transaction.atomic():
        Withdrawal.objects.create(file=kept.file, reason=REASON, uploaded_by=cast.approver, withdrawn_by=cast.approver)


def test_others_do_not_withdraw_and_a_stand_in_does(approved, cast, sign_in):
    kept = of_document(approved, cast)
    address = reverse("files:item", args=[kept.file.pk])
    for person in (cast.inspector, cast.quan10):
        answer = sign_in(person).post(address, {"action": "withdraw", "reason": REASON})
        assert answer.status_code == 403
        with pytest.raises(Refused):
            withdraw_file(file=kept.file, reason=REASON, by=person)
    today = timezone.localdate()
    name_stand_in(person=cast.inspector, decision="1/QĐ", starts_on=today, ends_on=today, by=cast.approver)
    answer = sign_in(cast.inspector).post(address, {"action": "withdraw", "reason": REASON}, follow=True)
    assert WITHDRAWN in answer.content.decode().lower()
    assert Withdrawal.objects.get().withdrawn_by == cast.inspector


def test_withdrawn_twice_the_first_reason_stays(approved, cast):
    kept = of_evidence(approved, cast)
    first = withdrawn(kept, cast)
    assert withdraw_file(file=kept.file, reason="Lý do khác", by=cast.approver2) == first
    assert Withdrawal.objects.get().reason == REASON
    with pytest.raises(Refused):
        withdraw_file(file=of_document(approved, cast).file, reason=" ", by=cast.approver2)


def test_who_took_over_a_file_neither_withdraws_nor_destroys_it(approved, cast, sign_in):
    """The unit uploaded it; the approver showed it as evidence of the checklist."""
    Inspection.objects.filter(pk=approved.pk).update(status="draft")
    piece = of_unit(handed_in_by_hand(approved.enrolment), cast.thanhan)
    evidence = take_over_evidence(inspection=approved, piece=piece, by=cast.approver)
    assert evidence.file.stored_by == cast.thanhan
    with pytest.raises(Refused, match=cast.approver2.full_name):
        withdraw_file(file=evidence.file, reason=REASON, by=cast.approver)
    assert not Withdrawal.objects.exists()
    page = sign_in(cast.approver).get(reverse("files:item", args=[evidence.file_id])).content.decode()
    assert "người khác phải thực hiện việc rút tệp" in page
    withdraw_file(file=evidence.file, reason=REASON, by=cast.approver2)
    decision = {"number": "12/QĐ-SNV", "decided_on": timezone.localdate(), "by": cast.approver2}
    destruction = record_destruction(file=evidence.file, **decision)
    with pytest.raises(Refused):
        carry_out(destruction=destruction, by=cast.approver)
