"""The register page: a case, a draft, a correction; a refusal stands at its field, nothing is half written."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from grids.actions import post_person
from grids.models import Role
from intake.models import Case, Counter
from tests.browsing import signed_in
from tests.intake import ways
from tests.people import STARTS, Ground, an_entry
from zhongzhi.accounts.models import User
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.idnumbers import resident_check

pytestmark = pytest.mark.django_db
NEW = "/cases/new/"
FUTURE = "15232720990315241"


def sent(do: str = "register", **changes: Any) -> dict[str, Any]:
    """The form of the page as a browser sends it, with two rows of parties."""
    values = {
        "uid": str(uuid4()),
        "do": do,
        "narrative": "自家土地少了3垄，怀疑邻地农户多种。",
        "territory": "150526103200",
        "category": "0901",
        "channel": "01",
        "scale": "01",
        "complexity": "simple",
        "risk": "blue",
        "parties-TOTAL_FORMS": "2",
        "parties-INITIAL_FORMS": "2",
    }
    rows: tuple[dict[str, str], ...] = (
        {"side": "applicant", "name": "岳某某", "paper_number": "152327196503152419", "phone": "13847500001"},
        {"side": "respondent"},
    )
    for at, typed in enumerate(rows):
        filled = {"kind": "person", "role": "principal", **typed}
        values |= {f"parties-{at}-{name}": value for name, value in filled.items()}
    return values | changes


def test_a_case_is_registered_and_its_dossier_opens(ground: Ground) -> None:
    answer = signed_in(ground.clerk).post(NEW, sent())
    case = Case.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/cases/{case.code}/")
    assert (case.status, case.parties.count()) == ("registered", 1)


def also_at_the_town(ground: Ground) -> User:
    """The clerk of the county serves at the window of a town, too."""
    post_person(ground.clerk, ground.juri_centre, Role.CLERK, starts_on=STARTS)
    return User.objects.get(pk=ground.clerk.pk)


def test_who_serves_at_two_centres_chooses_for_which_one(ground: Ground) -> None:
    both = also_at_the_town(ground)
    page = signed_in(both).get(NEW).content.decode()
    assert "在哪个中心登记" in page and "受理：旗综治中心" not in page
    answer = signed_in(both).post(NEW, sent())
    assert answer.status_code == 422
    assert "您在旗综治中心、巨日合镇综治中心任职，请选择在哪个中心登记。" in answer.content.decode()
    assert not Case.objects.exists()
    signed_in(both).post(NEW, sent(centre=str(ground.juri_centre.pk)))
    case = Case.objects.get()
    assert (case.centre, case.tier) == (ground.juri_centre, "town")
    assert f'<option value="{ground.juri_centre.pk}" selected>' in signed_in(both).get(NEW).content.decode()


def test_a_case_settled_at_once_counts_for_the_centre_that_was_chosen(ground: Ground) -> None:
    both, uid = also_at_the_town(ground), ground.juri_centre.pk
    signed_in(both).post(NEW, sent("settle", centre=str(uid), outcome="settlement", note="当场和解"))
    case = Case.objects.get()
    assert (case.status, case.centre_id) == ("closed", uid)


def test_a_centre_where_one_does_not_serve_cannot_be_chosen(ground: Ground) -> None:
    answer = signed_in(also_at_the_town(ground)).post(NEW, sent(centre=str(ground.lubei_centre.pk)))
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_who_serves_at_one_centre_is_not_asked(ground: Ground) -> None:
    page = signed_in(ground.clerk).get(NEW).content.decode()
    assert "受理：旗综治中心" in page and "在哪个中心登记" not in page


def test_pressed_twice_makes_one_case(ground: Ground) -> None:
    clerk, form = signed_in(ground.clerk), sent()
    clerk.post(NEW, form)
    again = clerk.post(NEW, form)
    assert Case.objects.count() == 1
    assert (again.status_code, again["Location"]) == (302, f"/cases/{Case.objects.get().code}/")


def test_the_fast_track_closes_in_one_form(ground: Ground) -> None:
    signed_in(ground.clerk).post(NEW, sent("settle", outcome="settlement", note="当场退还。"))
    case = Case.objects.get()
    assert (case.status, case.is_fast_track) == ("closed", True)


def test_a_fault_in_the_outcome_leaves_no_case_behind(ground: Ground) -> None:
    answer = signed_in(ground.clerk).post(NEW, sent("settle", outcome="", note=""))
    assert answer.status_code == 422
    assert "请选择办理结果" in answer.content.decode()
    assert not Case.objects.exists()


def test_the_fast_track_is_for_simple_cases(ground: Ground) -> None:
    form = sent("settle", outcome="settlement", note="退还", complexity="hard")
    answer = signed_in(ground.clerk).post(NEW, form)
    assert answer.context["page"].form.errors["complexity"]


def row(at: int, **values: str) -> dict[str, str]:
    return {f"parties-{at}-{name}": value for name, value in values.items()}


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        (row(0, paper_number="152327196503152418"), "parties-0-paper_number", "校验位"),
        (row(0, paper_number=FUTURE + resident_check(FUTURE)), "parties-0-paper_number", "晚于今天"),
        (row(0, paper_number="1523271965031524"), "parties-0-paper_number", "16 位"),
        (row(0, phone="138475000"), "parties-0-phone", "11 位"),
        (row(0, name="王\x00明"), "parties-0-name", "字符"),
        (row(1, paper_number="152327196503152419"), "parties-1-name", "请填写姓名"),
        ({"category": "9999"}, "category", "没有代码为 9999"),
        ({"territory": "150526999"}, "territory", "没有区划代码"),
        ({"territory": ""}, "territory", "请选择发生地"),
        ({"title": "长" * 5000}, "title", "1000"),
        ({"title": "长" * 500}, "title", "100"),
        ({"narrative": ""}, "narrative", "请写明事情经过"),
        ({"narrative": "甲\x07乙"}, "narrative", "字符"),
        ({"occurred_on": "2099-01-01"}, "occurred_on", "晚于今天"),
        ({"occurred_on": "2026-02-30"}, "occurred_on", "日期"),
        ({"amount": "-1"}, "amount", "负数"),
        ({"risk": "purple"}, "risk", "现在不能选"),
    ],
)
def test_bad_input_stands_at_its_field_and_nothing_is_written(
    changes: dict[str, str], field: str, says: str, ground: Ground
) -> None:
    answer = signed_in(ground.clerk).post(NEW, sent(**changes))
    page = answer.context["page"]
    forms = {f"parties-{at}": form for at, form in enumerate(page.parties.forms)}
    prefix, _, name = field.rpartition("-")
    errors = (forms[prefix] if prefix else page.form).errors
    assert answer.status_code == 422
    assert says in " ".join(errors[name])
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Case.objects.exists()
    assert not Counter.objects.filter(series__startswith="case:").exists()


@pytest.mark.parametrize("number", ["", "no-number"])
def test_a_page_that_lost_its_number_is_shown_again_with_another(number: str, ground: Ground) -> None:
    answer = signed_in(ground.clerk).post("/cases/new/", sent(uid=number, narrative=""))
    assert answer.status_code == 422
    assert str(answer.context["page"].uid) in answer.content.decode()
    assert not Case.objects.exists()


def test_what_was_typed_is_still_there_after_a_refusal(ground: Ground) -> None:
    answer = signed_in(ground.clerk).post(NEW, sent(territory="", request="重新丈量"))
    text = answer.content.decode()
    assert "重新丈量" in text
    assert "152327196503152419" in text
    assert "0901 土地承包经营" in text


def test_characters_of_four_bytes_are_welcome(ground: Ground) -> None:
    signed_in(ground.clerk).post(NEW, sent(**row(0, name="𠮷某😀")))
    assert Case.objects.get().parties.get().name == "𠮷某😀"


def test_a_guardian_stands_for_a_child_whatever_row_is_empty(ground: Ground) -> None:
    form = sent(**{"parties-TOTAL_FORMS": "3", "parties-INITIAL_FORMS": "2"})
    form |= row(2, side="respondent", kind="person", role="guardian", name="刘父", represents="0")
    signed_in(ground.clerk).post(NEW, form)
    guardian = Case.objects.get().parties.get(role="guardian")
    assert guardian.represents is not None
    assert guardian.represents.name == "岳某某"


def test_a_guardian_of_an_empty_row_is_refused(ground: Ground) -> None:
    form = sent(**{"parties-TOTAL_FORMS": "3", "parties-INITIAL_FORMS": "2"})
    form |= row(2, side="respondent", kind="person", role="guardian", name="刘父", represents="1")
    answer = signed_in(ground.clerk).post(NEW, form)
    assert answer.context["page"].parties.forms[2].errors["represents"]


@pytest.mark.parametrize("who", ["leader", "auditor", "system_admin"])
def test_those_who_do_not_register_are_refused(who: str, ground: Ground) -> None:
    person = signed_in(ground.people[who])
    assert person.get(NEW).status_code == 403
    assert person.post(NEW, sent()).status_code == 403
    assert not Case.objects.exists()


def test_a_visitor_is_led_to_the_login(ground: Ground) -> None:
    assert Client().get(NEW)["Location"] == "/login/?next=/cases/new/"


# --- drafts ----------------------------------------------------------------------------------------------


def test_a_draft_is_kept_found_again_and_registered(ground: Ground) -> None:
    clerk, form = signed_in(ground.clerk), sent("save", territory="", narrative="写到一半")
    address = clerk.post(NEW, form)["Location"]
    assert Case.objects.get().title in clerk.get("/").content.decode()
    page = clerk.get(address).content.decode()
    assert "152***********2419" in page
    assert "152327196503152419" not in page
    party = Case.objects.get().parties.get()
    whole = sent(uid=form["uid"], **row(0, uid=str(party.uid), paper_number="", phone=""))
    clerk.post(address, whole)
    case = Case.objects.get()
    assert case.status == "registered"
    assert case.parties.get().paper_number == "152327196503152419"


def test_a_draft_is_its_authors_alone(ground: Ground) -> None:
    form = sent("save")
    signed_in(ground.clerk).post(NEW, form)
    other = signed_in(ground.dispatcher)
    assert other.get(f"/cases/drafts/{form['uid']}/").status_code == 404
    assert other.post(f"/cases/drafts/{form['uid']}/discard/").status_code == 404
    assert other.post(NEW, form).status_code == 422
    assert Case.objects.get().status == "draft"


def test_a_draft_is_thrown_away(ground: Ground) -> None:
    form = sent("save")
    clerk = signed_in(ground.clerk)
    clerk.post(NEW, form)
    clerk.post(f"/cases/drafts/{form['uid']}/discard/")
    assert not Case.objects.exists()


# --- corrections -----------------------------------------------------------------------------------------


def amended(case: Case, **changes: str) -> dict[str, str]:
    values = sent(uid=str(case.uid), version=str(case.version), request="归还三垄", reason="诉求写错")
    for at, party in enumerate(case.parties.order_by("ordinal")):
        typed = {"paper_number": "", "phone": "", "name": party.name, "side": party.side}
        values |= row(at, uid=str(party.uid), **typed)
    return values | changes


def test_a_correction_keeps_the_sealed_numbers_that_were_not_typed_again(ground: Ground) -> None:
    case = ways.registered(ground)
    answer = signed_in(ground.clerk).post(f"/cases/{case.code}/edit/", amended(case))
    assert answer.status_code == 302
    case.refresh_from_db()
    party = case.parties.get(ordinal=1)
    assert case.request == "归还三垄"
    assert (party.paper_number, party.phone, party.sex) == ("152327196503152419", "13847500001", "male")
    assert trail_of(case).last().verb == "case_amended"


def test_who_corrects_an_older_version_is_told_and_keeps_the_text(ground: Ground) -> None:
    case = ways.registered(ground)
    form = amended(case, request="我写的诉求")
    ways.actions.accept_case(case, actor=ground.dispatcher)
    answer = signed_in(ground.clerk).post(f"/cases/{case.code}/edit/", form)
    assert answer.status_code == 422
    assert "韩冰" in answer.content.decode()
    assert "我写的诉求" in answer.content.decode()


def test_after_a_conflict_the_same_text_can_be_sent_again(ground: Ground) -> None:
    case, client = ways.registered(ground), signed_in(ground.clerk)
    form = amended(case, request="我写的诉求")
    ways.actions.accept_case(case, actor=ground.dispatcher)
    refused = client.post(f"/cases/{case.code}/edit/", form).content.decode()
    version = re.search(r'name="version" value="(\d+)"', refused)
    assert version is not None
    assert client.post(f"/cases/{case.code}/edit/", form | {"version": version[1]}).status_code == 302
    case.refresh_from_db()
    assert case.request == "我写的诉求"


def test_a_party_that_was_taken_off_stays_off_after_a_refusal(ground: Ground) -> None:
    form = sent(narrative="", **{"parties-1-name": "误录的人", "parties-1-DELETE": "on"})
    page = signed_in(ground.clerk).post(NEW, form).content.decode()
    assert 'name="parties-1-DELETE" value="on"' in page


def test_a_closed_case_is_corrected_with_a_reason_only(ground: Ground) -> None:
    case = ways.closed(ground)
    answer = signed_in(ground.dispatcher).post(f"/cases/{case.code}/edit/", amended(case, reason=""))
    assert "请填写更正理由" in answer.content.decode()
    case.refresh_from_db()
    assert case.request == an_entry().request


# --- parts -----------------------------------------------------------------------------------------------


def person(client: Client, **typed: str) -> str:
    values = {"prefix": "parties-0", **row(0, **typed)}
    return client.post("/cases/parts/person/", values).content.decode()


def test_an_identity_number_tells_sex_birth_date_and_earlier_cases(ground: Ground) -> None:
    case = ways.registered(ground)
    text = person(signed_in(ground.clerk), paper_number="１５２３２７１９６５０３１５２４１９", kind="person")
    assert "男 · 1965-03-15 · 61 岁" in text
    assert str(case.code) in text


def test_earlier_cases_out_of_sight_are_not_shown(ground: Ground) -> None:
    case = ways.registered(ground)
    text = person(signed_in(ground.stranger), paper_number="152327196503152419", kind="person")
    assert "1965-03-15" in text
    assert str(case.code) not in text


def test_a_wrong_number_is_told_while_typing(ground: Ground) -> None:
    assert "校验位" in person(signed_in(ground.clerk), paper_number="152327196503152418", kind="person")


def test_the_same_phone_finds_earlier_cases(ground: Ground) -> None:
    case = ways.registered(ground)
    assert str(case.code) in person(signed_in(ground.clerk), phone="138 4750 0001", kind="person")


def test_places_and_categories_are_found_by_name_and_code(ground: Ground) -> None:
    clerk = signed_in(ground.clerk)
    assert 'data-value="150526103200"' in clerk.get("/cases/parts/places/", {"q": "五家子"}).content.decode()
    assert 'data-value="0901"' in clerk.get("/cases/parts/categories/", {"q": "承包"}).content.decode()
    assert "没有找到" in clerk.get("/cases/parts/places/", {"q": "<b>"}).content.decode()


def test_the_day_on_which_it_happened_stands_in_its_field_as_browsers_want_it(ground: Ground) -> None:
    case = ways.registered(ground, occurred_on=date(2026, 11, 20))
    assert 'value="2026-11-20"' in signed_in(ground.clerk).get(f"/cases/{case.code}/edit/").content.decode()
