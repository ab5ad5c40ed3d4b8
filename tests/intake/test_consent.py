"""People are told what becomes of their data: by versions with a day of effect; which one they agreed to is kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import InternalError, ProgrammingError
from django.utils import timezone

from intake.models import Case
from intake.public.actions import PublicReport, issue_query_code, report_publicly, set_consent_text
from intake.public.models import Consent, ConsentPlace, ConsentText
from intake.public.queries import FIRST_TEXTS, consent_text
from tests.intake import ways
from tests.intake.test_citizen import opened
from tests.people import Ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.ciphers import sm3
from zhongzhi.core.errors import BadInput, PermissionDenied

pytestmark = pytest.mark.django_db
REPORT, RECEIPT = ConsentPlace.REPORT, ConsentPlace.RECEIPT
TYPED = {"narrative": "路灯坏了。", "territory": "150526103", "place_detail": "", "name": "", "phone": ""}


def test_the_text_holds_from_its_day_on_and_leaves_its_trail(ground: Ground) -> None:
    day = timezone.localdate() + timedelta(days=1)
    first = consent_text(REPORT)
    assert (first.version, first.text) == (1, FIRST_TEXTS[REPORT])
    row = set_consent_text(REPORT, "新的告知。", starts_on=day, actor=ground.system_admin)
    assert consent_text(REPORT) == first
    assert (consent_text(REPORT, day).version, consent_text(REPORT, day).text) == (2, "新的告知。")
    assert consent_text(RECEIPT, day).version == 1
    (entry,) = trail_of("consent_texts")
    assert (entry.verb, entry.facts["version"], entry.facts["sm3"]) == ("consent_text_set", 2, sm3(row.text.encode()))


def test_only_the_system_administrator_sets_texts_and_none_for_today(ground: Ground) -> None:
    day = timezone.localdate() + timedelta(days=1)
    for actor in (ground.manager, ground.clerk, ground.auditor, ground.security_admin):
        with pytest.raises(PermissionDenied):
            set_consent_text(REPORT, "x", starts_on=day, actor=actor)
    for text, starts_on in (("x", timezone.localdate()), ("  ", day)):
        with pytest.raises(BadInput):
            set_consent_text(REPORT, text, starts_on=starts_on, actor=ground.system_admin)


def test_a_version_is_never_changed(ground: Ground) -> None:
    day = timezone.localdate() + timedelta(days=1)
    set_consent_text(REPORT, "新的告知。", starts_on=day, actor=ground.system_admin)
    with pytest.raises((InternalError, ProgrammingError), match="append-only"):
        ConsentText.objects.update(text="别的")


def test_a_report_keeps_the_version_that_was_agreed_to(ground: Ground) -> None:
    opened(ground)
    case = report_publicly(PublicReport("路灯坏了。", "150526103", agreed=1), []).case
    given = {row.place: row for row in Consent.objects.filter(party__case=case)}
    assert given[REPORT].version == 1 and given[REPORT].sm3 == sm3(FIRST_TEXTS[REPORT].encode())
    assert RECEIPT in given
    assert [e.facts["place"] for e in trail_of(case) if e.verb == "consent_given"] == ["report", "receipt"]


def test_without_consent_to_the_text_in_force_nothing_is_registered(ground: Ground, client: Any) -> None:
    opened(ground)
    with pytest.raises(BadInput):
        report_publicly(PublicReport("路灯坏了。", "150526103", agreed=2), [])
    assert client.post("/q/report/", TYPED | {"version": "1"}).status_code == 422
    old = client.post("/q/report/", TYPED | {"version": "9", "agreed": "on"})
    assert old.status_code == 422 and 'name="version" value="1"' in old.content.decode()
    assert not Case.objects.exists()
    assert client.post("/q/report/", TYPED | {"version": "1", "agreed": "on"}).status_code == 200
    assert Case.objects.count() == 1


def test_a_receipt_shows_its_text_and_its_version_is_kept(ground: Ground, client: Any) -> None:
    case = ways.registered(ground)
    party = case.parties.get(ordinal=1)
    client.force_login(ground.clerk)
    page = client.post(f"/cases/{case.code}/receipt/{party.uid}/").content.decode()
    assert FIRST_TEXTS[RECEIPT] in page and "第 1 版" in page
    assert party.consents.get().version == 1
    issue_query_code(case, party, actor=ground.clerk)
    assert party.consents.count() == 1


def test_the_public_pages_lead_to_the_texts_of_today(ground: Ground, client: Any) -> None:
    opened(ground)
    assert FIRST_TEXTS[REPORT] in client.get("/q/report/").content.decode()
    assert "/q/privacy/" in client.get("/q/").content.decode()
    page = client.get("/q/privacy/").content.decode()
    assert all(text in page for text in FIRST_TEXTS.values())


def test_the_page_of_texts_takes_the_next_version(ground: Ground, client: Any) -> None:
    client.force_login(ground.system_admin)
    day = timezone.localdate() + timedelta(days=1)
    assert client.post("/system/consent-texts/report/", {"text": "新。", "starts_on": str(day)}).status_code == 302
    page = client.get("/system/consent-texts/").content.decode()
    assert "第 2 版" in page and "未启用" in page
    assert client.get("/system/consent-texts/nothing/").status_code == 404
    client.force_login(ground.manager)
    assert client.get("/system/consent-texts/").status_code == 403
