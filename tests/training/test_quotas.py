"""Setting the targets of a scheme."""

import pytest

from archiveportal.history.models import Action, Event
from archiveportal.refusal import Refused
from tests.support.training import make_category, make_scheme
from training.models import Category, Quota, Scheme
from training.queries import summary_lines
from training.services.quotas import QuotaChange, set_quotas

PAGE = "/dao-tao/de-an/02-2014/chi-tieu/"


def opened(client) -> dict:
    data = {}
    for _category, form, _theirs in client.get(PAGE).context["rows"]:
        for bound in form:
            data[bound.html_name] = "" if bound.value() is None else str(bound.value())
    return data


def field(code: str, name: str = "target") -> str:
    return f"c{Category.objects.get(code=code).pk}-{name}"


def targets(*, as_reported: bool = False) -> dict:
    lines = summary_lines(Scheme.objects.get(code="02-2014"), as_reported=as_reported)
    return {line.category.code: line.attainment.target for line in lines}


def test_a_target_is_changed_with_history(cast, sign_in):
    client = sign_in(cast.approver)
    assert client.post(PAGE, opened(client) | {field("dai-hoc"): "1.000"}).status_code == 302
    quota = Quota.objects.get(category__code="dai-hoc")
    assert quota.target == 1000
    assert Event.objects.about(quota).first().changes == {"target": [86, 1000]}
    assert "Đại học" in client.get(PAGE).content.decode()


def test_the_report_column_keeps_its_targets(cast, sign_in):
    client, before = sign_in(cast.approver), targets(as_reported=True)
    changed = {field("dai-hoc"): "", field("trung-cap"): "800", field("cao-dang"): "5"}
    client.post(PAGE, opened(client) | changed)
    client.post(PAGE, opened(client) | {field("trung-cap"): "900"})
    assert targets(as_reported=True) == before
    assert (targets()["dai-hoc"], targets()["trung-cap"], targets()["cao-dang"]) == (None, 900, 5)
    assert Quota.objects.get(category__code="trung-cap").as_reported == {"target": 788, "unit": "persons"}


def test_a_new_target_is_entered_with_history(cast, sign_in):
    client = sign_in(cast.approver)
    client.post(PAGE, opened(client) | {field("cao-dang"): "0"})
    quota = Quota.objects.get(category__code="cao-dang")
    assert (quota.target, quota.is_baseline) == (0, False)
    assert Event.objects.about(quota).first().action == Action.CREATED


def test_saving_unchanged_targets_writes_nothing(cast, sign_in):
    client, before = sign_in(cast.approver), Event.objects.count()
    assert client.post(PAGE, opened(client)).status_code == 302
    assert Event.objects.count() == before
    assert Quota.objects.count() == 4


def test_a_colleagues_change_is_not_overwritten_unseen(cast, sign_in):
    client = sign_in(cast.approver)
    data = opened(client) | {field("dai-hoc"): "90", field("trung-cap"): "800"}
    category = Category.objects.get(code="dai-hoc")
    change = QuotaChange(category, (86, "persons"), (88, "persons"))
    set_quotas(scheme=category.scheme, changes=[change], by=cast.approver)
    response = client.post(PAGE, data)
    assert response.status_code == 200
    assert (targets()["dai-hoc"], targets()["trung-cap"]) == (88, 788)  # all or nothing
    page = response.content.decode()
    assert 'value="90"' in page
    assert "<b>88 " in page
    again = data | {field("dai-hoc", "shown_target"): "88"}
    assert client.post(PAGE, again).status_code == 302
    assert (targets()["dai-hoc"], targets()["trung-cap"]) == (90, 800)


@pytest.mark.parametrize("value", ["-1", "12345678", "tám", "1,5"])
def test_bad_targets_are_refused_in_place(cast, sign_in, value):
    client, before = sign_in(cast.approver), targets()
    response = client.post(PAGE, opened(client) | {field("dai-hoc"): value, field("trung-cap"): "1"})
    assert response.status_code == 200
    assert 'class="field has-error"' in response.content.decode()
    assert f'value="{value}"' in response.content.decode()
    assert targets() == before


def test_a_category_of_another_scheme_is_out_of_reach(cast, sign_in):
    foreign = make_category(make_scheme(), target=10)
    client = sign_in(cast.approver)
    forged = {f"c{foreign.pk}-target": "99", f"c{foreign.pk}-unit": "persons", f"c{foreign.pk}-shown_target": "10"}
    client.post(PAGE, opened(client) | forged)
    assert Quota.objects.get(category=foreign).target == 10
    with pytest.raises(Refused):
        set_quotas(
            scheme=Scheme.objects.get(code="02-2014"),
            changes=[QuotaChange(foreign, (10, "persons"), (99, "persons"))],
            by=cast.approver,
        )


def test_only_the_approver_sets_targets(cast):
    category = Category.objects.get(code="dai-hoc")
    for user in (cast.inspector, cast.leader, cast.administrator):
        with pytest.raises(Refused):
            set_quotas(
                scheme=category.scheme,
                changes=[QuotaChange(category, (86, "persons"), (1, "persons"))],
                by=user,
            )
    assert targets()["dai-hoc"] == 86
