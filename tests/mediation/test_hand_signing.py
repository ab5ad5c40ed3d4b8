"""Parties sign with the finger on a screen: a code on their phone, the drawing, the device and the time are kept."""

import base64
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageDraw
from pypdf import PdfReader

from mediation import actions
from mediation.models import Agreement, Signing, SigningCode
from mediation.queries.signatures import parties_to_sign
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import Ground
from zhongzhi.core.ciphers import unseal
from zhongzhi.notices.models import OutboxMessage
from zhongzhi.printing.actions import make_due_papers
from zhongzhi.printing.models import SignedPaper

pytestmark = pytest.mark.django_db


def a_drawing() -> str:
    picture = Image.new("RGB", (900, 360), "white")
    ImageDraw.Draw(picture).line([(50, 300), (400, 60), (850, 280)], fill="black", width=9)
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return "data:image/png;base64," + base64.b64encode(kept.getvalue()).decode()


def a_draft(ground: Ground, house: House) -> Agreement:
    mediation = ways.running(ground, house)
    ways.held(ground, mediation, house)
    return ways.drafted(ground, mediation)


def at_the_hall(ground: Ground) -> Client:
    client = Client(headers={"user-agent": "HallTablet/3"})
    client.force_login(ground.town_mediator)
    return client


def the_code() -> str:
    message = OutboxMessage.objects.filter(key__startswith="text:signing:").order_by("-pk")[0]
    text = unseal(base64.b64decode(message.payload["text"]), aad=message.key)
    return re.findall(r"\d{6}", text)[0]


def test_a_party_signs_with_the_code_of_the_phone_and_the_finger(ground: Ground, house: House) -> None:
    agreement = a_draft(ground, house)
    client, address = at_the_hall(ground), f"/mediation/{agreement.mediation.uid}/sign/"
    party, name = parties_to_sign(agreement)[0]
    assert name in client.get(address).content.decode()
    assert client.post(address, {"party": str(party.uid), "send": "1"}).status_code == 302
    typed = {"party": str(party.uid), "sign": "1", "code": the_code(), "drawing": a_drawing()}
    assert client.post(address, typed).status_code == 302
    signing = Signing.objects.get(party=party)
    assert signing.drawing is not None and signing.drawing.content_type == "image/png"
    assert (signing.device, signing.code_sent_to, signing.how) == ("HallTablet/3", party.phone[-4:], "屏幕手写签名")
    assert party.pk not in [row.pk for row, _ in parties_to_sign(agreement)]


def test_a_wrong_an_old_and_a_used_code_are_refused_and_nothing_is_kept(ground: Ground, house: House) -> None:
    agreement = a_draft(ground, house)
    client, address = at_the_hall(ground), f"/mediation/{agreement.mediation.uid}/sign/"
    party = parties_to_sign(agreement)[0][0]
    typed = {"party": str(party.uid), "sign": "1", "code": "000000", "drawing": a_drawing()}
    assert "请先发送验证码" in client.post(address, typed).content.decode()
    client.post(address, {"party": str(party.uid), "send": "1"})
    code = the_code()
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        answer = client.post(address, {**typed, "code": wrong})
        assert answer.status_code == 422 and "验证码不对" in answer.content.decode()
    assert "已失效" in client.post(address, {**typed, "code": code}).content.decode()
    SigningCode.objects.update(tries=0, sent_at=timezone.now() - timedelta(minutes=11))
    assert "已失效" in client.post(address, {**typed, "code": code}).content.decode()
    assert not Signing.objects.exists()


def test_no_second_code_within_a_minute(ground: Ground, house: House) -> None:
    agreement = a_draft(ground, house)
    client, address = at_the_hall(ground), f"/mediation/{agreement.mediation.uid}/sign/"
    party = parties_to_sign(agreement)[0][0]
    client.post(address, {"party": str(party.uid), "send": "1"})
    answer = client.post(address, {"party": str(party.uid), "send": "1"})
    assert answer.status_code == 422 and "一分钟后" in answer.content.decode()


def test_without_a_drawing_nothing_is_signed(ground: Ground, house: House) -> None:
    agreement = a_draft(ground, house)
    client, address = at_the_hall(ground), f"/mediation/{agreement.mediation.uid}/sign/"
    party = parties_to_sign(agreement)[0][0]
    client.post(address, {"party": str(party.uid), "send": "1"})
    for drawing in ("", "data:image/png;base64,!!", "data:image/png;base64,aGVsbG8="):
        typed = {"party": str(party.uid), "sign": "1", "code": the_code(), "drawing": drawing}
        assert client.post(address, typed).status_code in (415, 422)
        SigningCode.objects.update(tries=0)
    assert not Signing.objects.exists()


def test_who_has_no_mobile_signs_on_paper(ground: Ground, house: House) -> None:
    agreement = a_draft(ground, house)
    party = parties_to_sign(agreement)[0][0]
    party.seal_phone("0475-7221234")
    party.save()
    answer = at_the_hall(ground).post(
        f"/mediation/{agreement.mediation.uid}/sign/", {"party": str(party.uid), "send": "1"}
    )
    assert answer.status_code == 422 and "在纸上签名" in answer.content.decode()


def test_others_do_not_open_the_page(ground: Ground, house: House) -> None:
    agreement = a_draft(ground, house)
    for person, status in ((ground.leader, 403), (ground.stranger, 404)):
        client = Client()
        client.force_login(person)
        assert client.get(f"/mediation/{agreement.mediation.uid}/sign/").status_code == status


def test_what_was_drawn_stands_on_its_line_of_the_signed_paper(ground: Ground, house: House) -> None:
    agreement = a_draft(ground, house)
    client, address = at_the_hall(ground), f"/mediation/{agreement.mediation.uid}/sign/"
    party = parties_to_sign(agreement)[0][0]
    client.post(address, {"party": str(party.uid), "send": "1"})
    client.post(address, {"party": str(party.uid), "sign": "1", "code": the_code(), "drawing": a_drawing()})
    agreement = Agreement.objects.get(pk=agreement.pk)
    actions.sign_agreement(agreement, ways.all_signatures(agreement), actor=ground.town_mediator)
    assert make_due_papers(timezone.now()) == 1
    paper = SignedPaper.objects.get()
    assert [stamp["place"]["at"] for stamp in paper.stamps] == ["paper_signature0"]
    pages = PdfReader(io.BytesIO(client.get(f"/mediation/{agreement.mediation.uid}/file/agreement/").content)).pages
    assert sum(len(page.images) for page in pages) == 1
