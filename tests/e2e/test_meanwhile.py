"""Steps taken while the portal's answer to the one before is on its way from the queue to the page."""

import datetime

import pytest

from archiveportal.accounts.models import User
from criteria.inspections.models import Inspection, KeptAnswer
from tests.e2e.conftest import until, until_true
from tests.e2e.test_autosave import all_saved, open_checklist, result
from tests.support.factories import answer as give

#: The next write to the queue, prepared before the page hears what became of what is there, comes after that has left.
LATE = """() => {
  const { within } = portal.store;
  let isNext = true;
  portal.store.within = async (names, mode, work) => {
    if (isNext && mode === "readwrite") {
      isNext = false;
      const { store, autosave } = portal;
      while ((await store.entries(autosave.user)).length) await new Promise((go) => { setTimeout(go, 1); });
    }
    return within(names, mode, work);
  };
}"""

PLACES = {"inspected_on": ("14/10/2019", "15/10/2019"), "TC01-note": ("Đã có quy chế", "Đã có quy chế mới")}


def stored(enrolment, field: str) -> str:
    inspection = enrolment.inspection
    inspection.refresh_from_db()
    if field == "inspected_on":
        return f"{inspection.inspected_on:%d/%m/%Y}" if inspection.inspected_on else ""
    return result(enrolment, 1).note


def colleague(enrolment, field: str) -> None:
    if field == "inspected_on":
        Inspection.objects.filter(enrolment=enrolment).update(inspected_on=datetime.date(2019, 10, 9))
    else:
        give(enrolment, User.objects.get(username="kiemtra2"), {1: "not_met"})


@pytest.mark.parametrize("has_colleague", [False, True], ids=["alone", "beside"])
@pytest.mark.parametrize("goes_on", [False, True], ids=["left", "typed-on"])
@pytest.mark.parametrize("field", PLACES)
def test_a_step_before_the_answer_is_heard_loses_nothing(open_page, ward, field, goes_on, has_colleague):
    url, enrolment = ward
    page = open_page("kiemtra", 1440, reduced_motion="reduce")
    open_checklist(page, url)
    page.locator("input[name=TC01-outcome][value=met]").check()
    all_saved(page)
    page.evaluate("document.querySelector('#TC01 details.note').open = true")
    on_the_way: list = []
    page.route("**/luu/**", lambda route: route.continue_() if on_the_way else on_the_way.append(route))
    first, last = PLACES[field]
    place = page.locator(f"[name='{field}']")
    place.fill(first)
    place.blur()
    until_true(page, lambda: on_the_way)
    # Nothing is being typed any more.
    page.wait_for_timeout(600)
    if has_colleague:
        colleague(enrolment, field)
    page.evaluate(LATE)
    if goes_on:
        place.fill(last)
        place.blur()
    else:
        place.dispatch_event("change")
    on_the_way[0].continue_()
    typed = last if goes_on else first
    until(page, "async () => (await portal.store.entries(portal.autosave.user)).length === 0")
    page.wait_for_timeout(700)
    assert place.input_value() == typed
    kept = KeptAnswer.objects.filter(inspection=enrolment.inspection)
    assert kept.count() == int(has_colleague)
    if not has_colleague:
        all_saved(page)
        assert stored(enrolment, field) == typed
