"""The pages without a login: a receipt opens them, guesses do not, and are throttled."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from intake.models import Case
from intake.public.models import CitizenRating, QueryCode
from tests.intake import ways
from tests.intake.test_citizen import code_of, photo
from tests.people import Ground
from zhongzhi.core.querycodes import grouped_query_code, new_query_code
from zhongzhi.web.logs import without_secrets

pytestmark = pytest.mark.django_db
NAMES = ("岳某某", "付某", "包萨仁", "韩冰", "王立新", "13847500001", "土地少三垄")


@pytest.fixture(autouse=True)
def _nobody_was_counted() -> None:
    cache.clear()


def test_the_page_shows_steps_and_whom_to_call_and_no_names(ground: Ground) -> None:
    case = ways.handling(ground)
    ground.justice_bureau.phone = "0475-7220000"
    ground.justice_bureau.save()
    answer = Client().get(f"/q/{code_of(case, ground)}/")
    page = answer.content.decode()
    for words in ("正在办理", str(case.code), "司法局", "tel:0475-7220000", "承办单位签收，开始办理", "旗综治中心"):
        assert words in page
    for name in NAMES:
        assert name not in page
    assert "no-store" in answer["Cache-Control"]
    assert 'content="noindex' in page


def test_a_code_that_was_typed_leads_to_the_page(ground: Ground) -> None:
    code = code_of(ways.registered(ground), ground)
    answer = Client().post("/q/", {"code": grouped_query_code(code).lower()})
    assert (answer.status_code, answer["Location"]) == (302, f"/q/{code}/")
    assert Client().post("/q/", {"code": "—"}).status_code == 302


def tail_of(case: Case) -> str:
    return str(case.parties.get(ordinal=1).phone)[-4:]


def test_the_beginning_of_a_code_and_the_tail_of_the_phone_open_the_page_for_half_an_hour(ground: Ground) -> None:
    case = ways.closed(ground)
    code, client = code_of(case, ground), Client()
    answer = client.post("/q/", {"code": grouped_query_code(code[:8]).lower().replace("0", "o"), "tail": tail_of(case)})
    address = answer["Location"]
    assert answer.status_code == 302 and code[:8] not in address
    assert str(case.code) in client.get(address).content.decode()
    assert client.post(f"{address}rate/", {"score": 4}).status_code == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert client.get(address).status_code == 404
    code_of(case, ground)
    assert client.get(address).status_code == 404
    assert client.get(f"{address[:-3]}xx/").status_code == 404


@pytest.mark.parametrize(("short", "tail"), [("right", "9999"), ("00000000", "right")])
def test_a_wrong_beginning_or_a_wrong_tail_get_the_same_answer(ground: Ground, short: str, tail: str) -> None:
    case = ways.registered(ground)
    code = code_of(case, ground)
    sent = {"code": code[:8] if short == "right" else short, "tail": tail_of(case) if tail == "right" else tail}
    answer = Client().post("/q/", sent)
    assert answer.status_code == 404
    assert "没有查到。请核对查询码" in answer.content.decode() and str(case.code) not in answer.content.decode()


def test_the_beginning_without_the_phone_says_what_is_missing(ground: Ground) -> None:
    code = code_of(ways.registered(ground), ground)
    answer = Client().post("/q/", {"code": code[:8], "tail": "12"})
    assert answer.status_code == 422
    assert "请填登记时所留手机号的后四位" in answer.content.decode()


def test_tails_are_not_tried_one_after_the_other_from_many_addresses(ground: Ground) -> None:
    case = ways.registered(ground)
    code = code_of(case, ground)

    def tried(at: int, tail: str) -> int:
        return Client().post("/q/", {"code": code[:8], "tail": tail}, REMOTE_ADDR=f"10.1.1.{at}").status_code

    assert [tried(at, f"{9000 + at}") for at in range(10)] == [404] * 10
    assert tried(11, tail_of(case)) == 429
    assert Client().get(f"/q/{code}/").status_code == 200, "the whole code goes on"


def body(answer: object) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())  # type: ignore[attr-defined]


def test_guessed_altered_and_voided_codes_get_the_same_answer(ground: Ground) -> None:
    case = ways.registered(ground)
    voided, live = code_of(case, ground), code_of(case, ground)
    altered = ("0" if live[0] != "0" else "1") + live[1:]
    answers = [Client().get(f"/q/{code}/") for code in (new_query_code(), altered, voided, "x", "报" * 60)]
    assert {a.status_code for a in answers} == {404}
    assert len({re.sub(r'value="[^"]*"', "", body(a)) for a in answers}) == 1  # but for what was typed oneself
    assert len({tuple(sorted(a.headers)) for a in answers}) == 1
    assert Client().post(f"/q/{voided}/rate/", {"score": 5}).status_code == 404


def test_who_guesses_is_throttled_and_then_nothing_is_looked_up(ground: Ground, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    code = code_of(ways.registered(ground), ground)
    client = Client()
    assert [client.get(f"/q/{new_query_code()}/").status_code for _ in range(20)] == [404] * 20
    with django_assert_num_queries(0):
        answer = client.get(f"/q/{code}/")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 600
    assert str(Case.objects.get().code) not in answer.content.decode()
    elsewhere = client.get(f"/q/{code}/", REMOTE_ADDR="10.1.1.1")
    assert elsewhere.status_code == 200


def test_looking_at_ones_own_case_is_not_throttled(ground: Ground) -> None:
    code = code_of(ways.registered(ground), ground)
    assert {Client().get(f"/q/{code}/").status_code for _ in range(40)} == {200}


def test_a_wrong_code_is_shown_again_to_be_mended(ground: Ground) -> None:
    code = code_of(ways.registered(ground), ground)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    answer = Client().get(f"/q/{wrong}/")
    assert answer.status_code == 404
    assert f'value="{grouped_query_code(wrong)}"' in answer.content.decode()


def test_who_is_unhappy_is_told_what_happens_now_and_not_thanked(ground: Ground) -> None:
    case = ways.closed(ground)
    client, address = Client(), f"/q/{code_of(case, ground)}/"
    client.post(f"{address}rate/", {"score": 1})
    page = client.get(address).content.decode()
    assert "没有让您满意" in page
    assert f"评价已转给{case.centre.name}" in page
    assert "谢谢您的评价" not in page


def test_a_citizen_rates_once_and_the_dossier_shows_it(ground: Ground) -> None:
    case = ways.closed(ground)
    client, address = Client(), f"/q/{code_of(case, ground)}/"
    assert "您对办理结果满意吗" in client.get(address).content.decode()
    assert client.post(f"{address}rate/", {}).status_code == 422
    assert client.post(f"{address}rate/", {"score": 9}).status_code == 422
    assert client.post(f"{address}rate/", {"score": 4, "comment": "很快"}).status_code == 302
    assert "谢谢您的评价：4 分" in client.get(address).content.decode()
    again = client.post(f"{address}rate/", {"score": 1})
    assert (again.status_code, CitizenRating.objects.get().score) == (422, 4)
    staff = Client()
    staff.force_login(ground.dispatcher)
    dossier = staff.get(f"/cases/{case.code}/").content.decode()
    assert "群众评价" in dossier
    assert "很快" in dossier


def test_before_closing_there_is_nothing_to_rate(ground: Ground) -> None:
    address = f"/q/{code_of(ways.handling(ground), ground)}/"
    assert "满意吗" not in Client().get(address).content.decode()
    assert Client().post(f"{address}rate/", {"score": 5}).status_code == 422


def test_a_query_code_never_stands_in_a_log(ground: Ground) -> None:
    code = new_query_code()
    assert without_secrets(f"/q/{code}/") == "/q/…/"
    assert without_secrets(f"/q/{code}/rate/") == "/q/…/rate/"
    assert [without_secrets(p) for p in ("/q/", "/q/report/", "/cases/")] == ["/q/", "/q/report/", "/cases/"]


def test_the_window_prints_a_receipt_whose_code_opens_the_page(ground: Ground) -> None:
    case = ways.registered(ground)
    client = Client()
    client.force_login(ground.clerk)
    assert f"/cases/{case.code}/receipt/" in client.get(f"/cases/{case.code}/").content.decode()
    party = case.parties.get(ordinal=1)
    dialog = client.get(f"/cases/{case.code}/receipt/").content.decode()
    assert "岳某某" in dialog
    assert "付某" not in dialog
    answer = client.post(f"/cases/{case.code}/receipt/{party.uid}/")
    page = answer.content.decode()
    assert 'src="data:image/svg+xml' in page
    assert str(case.code) in page
    typed = answer.context["receipts"][0]["typed"]
    assert typed in page
    assert Client().post("/q/", {"code": typed}, follow=True).status_code == 200
    assert "已打印" in client.get(f"/cases/{case.code}/receipt/").content.decode()
    client.post(f"/cases/{case.code}/receipt/{party.uid}/")
    assert Client().post("/q/", {"code": typed}, follow=True).status_code == 404
    assert QueryCode.objects.filter(voided_at=None).count() == 1


@pytest.mark.parametrize(("who", "status"), [("handler", 403), ("leader", 403), ("stranger", 404)])
def test_who_may_not_print_a_receipt(ground: Ground, who: str, status: int) -> None:
    case = ways.handling(ground)
    client = Client()
    client.force_login(ground.people[who])
    party = case.parties.get(ordinal=1)
    assert client.get(f"/cases/{case.code}/receipt/").status_code == status
    assert client.post(f"/cases/{case.code}/receipt/{party.uid}/").status_code == status
    assert not QueryCode.objects.exists()


AGREED = {"version": "1", "agreed": "on"}


def opened() -> None:
    call_command("open_public_reporting", centre="旗综治中心", stdout=io.StringIO())


def test_a_citizen_reports_with_photos_and_follows_it(ground: Ground) -> None:
    assert Client().get("/q/report/").status_code == 404
    opened()
    assert "巨日合镇" in Client().get("/q/report/").content.decode()
    sent = {"narrative": "路口垃圾半个月没人清。", "territory": "150526103", "phone": "13847500009", **AGREED}
    answer = Client().post("/q/report/", {**sent, "photos": [photo(), photo()]})
    assert answer.status_code == 200
    case = Case.objects.get()
    assert (case.channel, case.attachments.count()) == ("10", 2)
    assert Client().get(f"/q/{answer.context['code']}/").status_code == 200


def test_a_report_with_faults_says_so_at_the_fields_and_loses_no_text(ground: Ground) -> None:
    opened()
    answer = Client().post("/q/report/", {"narrative": "吵架", "territory": "150526103", "phone": "12", **AGREED})
    page = answer.content.decode()
    assert (answer.status_code, Case.objects.count()) == (422, 0)
    assert "吵架" in page
    assert "id_phone_error" in page
    fake = io.BytesIO(b"MZ not a picture")
    fake.name = "a.jpg"
    sent = {"narrative": "吵架", "territory": "150526103", "photos": fake, **AGREED}
    assert Client().post("/q/report/", sent).status_code == 422
    assert not Case.objects.exists()


def test_reports_from_one_address_are_throttled(ground: Ground) -> None:
    opened()
    sent = {"narrative": "路灯坏了。", "territory": "150526103", **AGREED}
    statuses = [Client().post("/q/report/", sent).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    assert Case.objects.count() == 10
