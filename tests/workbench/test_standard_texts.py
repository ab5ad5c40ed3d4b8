"""Standard texts: one's own or one's organisation's, filled from the case as far as one may see it."""

from typing import Any

import pytest
from django.test import Client

from tests.intake import ways
from tests.people import Ground
from workbench.models import StandardText

pytestmark = pytest.mark.django_db
TEXT = "{今天}到{发生地}上门，{申请人}在场。{我}"


def as_(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def keep(user: Any, **changes: Any) -> Any:
    return as_(user).post("/texts/", {"name": "上门核实", "text": TEXT, **changes}, follow=True)


def offered(user: Any, case: Any = None) -> str:
    return as_(user).get("/texts/offered/", {"case": str(case.code)} if case else {}).content.decode()


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
    assert as_(ground.clerk).post(f"/texts/{row.pk}/discard/").status_code == 404
    assert as_(ground.dispatcher).post(f"/texts/{row.pk}/discard/").status_code == 302
    assert not StandardText.objects.exists()


def test_who_sees_a_case_masked_fills_in_masked_names_and_a_stranger_nothing(ground: Ground) -> None:
    keep(ground.leader)
    case = ways.handling(ground)
    page = offered(ground.leader, case)
    assert "岳某某" not in page and "岳*某" in page
    assert as_(ground.stranger).get("/texts/offered/", {"case": str(case.code)}).status_code == 404


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
        assert as_(person).get("/texts/").status_code == 403
