"""Standard texts: one's own or one's organisation's, filled from the case as far as one may see it."""

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.browsing import signed_in
from tests.intake import ways
from tests.people import Ground
from workbench.models import StandardText

pytestmark = pytest.mark.django_db
TEXT = "{今天}到{发生地}上门，{申请人}在场。{我}"


def keep(user: Any, **changes: Any) -> Any:
    return signed_in(user).post("/texts/", {"name": "上门核实", "text": TEXT, **changes}, follow=True)


def offered(user: Any, case: Any = None) -> str:
    return signed_in(user).get("/texts/offered/", {"case": str(case.code)} if case else {}).content.decode()


def test_a_text_is_offered_with_its_variables_filled_from_the_case(ground: Ground) -> None:
    keep(ground.handler)
    case = ways.handling(ground)
    page = offered(ground.handler, case)
    assert "到巨日合镇五家子村上门，岳某某在场。王立新" in page and "{" not in page
    assert "＿＿在场" in offered(ground.handler), "without a case what is not known stays a blank"


def test_a_shared_text_is_used_by_colleagues_and_thrown_away_by_its_author_alone(ground: Ground) -> None:
    keep(ground.dispatcher, shared_with=str(ground.county_centre.pk))
    row = StandardText.objects.get()
    case = ways.registered(ground)
    assert "上门核实" in offered(ground.clerk) and "上门核实" not in offered(ground.handler)
    assert "岳某某" in offered(ground.clerk, case)
    assert signed_in(ground.clerk).post(f"/texts/{row.pk}/discard/").status_code == 404
    assert signed_in(ground.dispatcher).post(f"/texts/{row.pk}/discard/").status_code == 302
    assert not StandardText.objects.exists()


def test_who_sees_a_case_masked_fills_in_masked_names_and_a_stranger_nothing(ground: Ground) -> None:
    keep(ground.leader)
    case = ways.handling(ground)
    page = offered(ground.leader, case)
    assert "岳某某" not in page and "岳*某" in page
    assert signed_in(ground.stranger).get("/texts/offered/", {"case": str(case.code)}).status_code == 404


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": "{身份证号}"}, "没有这样的变量：{身份证号}"),
        ({"text": " "}, "请填写内容"),
        ({"name": ""}, "请填写名称"),
        ({"shared_with": "999999"}, "选择"),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field(ground: Ground, sent: dict[str, str], said: str) -> None:
    answer = keep(ground.clerk, **sent)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not StandardText.objects.exists()


def test_the_same_name_takes_the_new_text_and_fifty_are_enough(ground: Ground) -> None:
    keep(ground.clerk)
    keep(ground.clerk, text="新的")
    assert StandardText.objects.get().text == "新的"
    StandardText.objects.bulk_create(StandardText(user=ground.clerk, name=f"{n}", text="x") for n in range(49))
    assert "最多保存 50 条常用语" in keep(ground.clerk, name="再一条").content.decode()


def test_administrators_who_see_no_case_have_none(ground: Ground) -> None:
    for person in (ground.system_admin, ground.security_admin, ground.auditor):
        assert signed_in(person).get("/texts/").status_code == 403


MACRO = {
    "name": "电话催促",
    "act": "urge",
    "fields": "reason=请尽快联系{申请人}&version=3&csrfmiddlewaretoken=x&case=1",
}


def keep_macro(user: Any, **changes: Any) -> Any:
    return signed_in(user).post("/texts/macros/", MACRO | changes, headers={"accept": "application/json"})


def macros(user: Any, case: Any) -> list[tuple[str, str, str]]:
    answer = signed_in(user).get("/texts/macros/", {"case": str(case.code)})
    return [(row.name, offer.label, fields) for row, offer, fields in answer.context["rows"]]


def test_a_macro_opens_the_dialog_of_its_act_filled_from_the_case_where_the_act_is_open(ground: Ground) -> None:
    assert keep_macro(ground.dispatcher).json() == {"said": "办法“电话催促”已保存，在“更多”里选用。"}
    case = ways.handling(ground)
    assert macros(ground.dispatcher, case) == [("电话催促", "催办", urlencode({"reason": "请尽快联系岳某某"}))]
    page = signed_in(ground.dispatcher).get("/texts/macros/", {"case": str(case.code)}).content.decode()
    assert f'hx-get="/cases/{case.code}/acts/urge/"' in page
    assert macros(ground.dispatcher, ways.registered(ground)) == []
    assert "电话催促" not in offered(ground.dispatcher, case), "it is no phrase"
    assert "办法：催办" in signed_in(ground.dispatcher).get("/texts/").content.decode()


def test_a_macro_is_one_s_own_or_of_one_s_organisation_and_shows_no_more_than_its_reader_sees(ground: Ground) -> None:
    case = ways.handling(ground)
    keep_macro(ground.dispatcher)
    assert macros(ground.manager, case) == []
    keep_macro(ground.dispatcher, shared_with=str(ground.county_centre.pk))
    assert [name for name, _, _ in macros(ground.manager, case)] == ["电话催促"]
    assert signed_in(ground.stranger).get("/texts/macros/", {"case": str(case.code)}).status_code == 404


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"act": "no-such-act"}, "act"),
        ({"fields": "version=3"}, "fields"),
        ({"fields": "reason=" + "x" * 8000}, "fields"),
        ({"fields": "reason={身份证号}"}, "text"),
        ({"name": " "}, "name"),
    ],
)
def test_a_macro_needs_an_act_a_name_and_something_filled_in(sent: dict[str, str], field: str, ground: Ground) -> None:
    answer = keep_macro(ground.dispatcher, **sent)
    assert answer.status_code in (400, 422)
    assert list(answer.json()["errors"]) == [field]
    assert not StandardText.objects.exists()
