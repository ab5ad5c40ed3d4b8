"""Outside systems: registered with a place, tokens shown once, renewed, taken back; each asks again who sits there."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grids.actions.api_clients import ClientTerms, change_client, end_client, give_token, open_client, renew_token
from tests.browsing import signed_in
from tests.people import PASSWORD, Ground
from zhongzhi.accounts.models import ApiClient, ApiToken
from zhongzhi.accounts.queries import usable_token
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import BadInput, InvalidTransition, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db
READ = ClientTerms(("cases:read",))


def a_client(ground: Ground) -> ApiClient:
    return open_client("12345 热线", ground.juri_centre, READ, actor=ground.system_admin)


def test_a_token_from_the_page_works_and_is_shown_once(ground: Ground, settings: Any) -> None:
    settings.RECENT_AUTHENTICATION = timedelta(0)
    ground.system_admin.set_password(PASSWORD)
    ground.system_admin.save()
    browser, known = signed_in(ground.system_admin), {"identity_secret": PASSWORD}
    given = {
        "name": "12345 热线",
        "organisation": ground.juri_centre.pk,
        "scopes": ["cases:read"],
        "sight": "organisation",
    }
    assert browser.post("/system/clients/new/", given).status_code == 403, "asked again who sits there"
    assert browser.post("/system/clients/new/", given | known).status_code == 302
    client = ApiClient.objects.get()
    answer = browser.post(f"/system/clients/{client.pk}/tokens/", {"days": 30} | known)
    text = answer.context["fresh"]
    assert text in answer.content.decode()
    assert text not in browser.get(f"/system/clients/{client.pk}/").content.decode()
    assert Client().get("/api/v1/cases/", headers={"Authorization": f"Bearer {text}"}).status_code == 200


def test_a_token_for_some_scopes_is_ticked_and_its_successor_opens_the_same(ground: Ground) -> None:
    browser, known, client = signed_in(ground.system_admin), {"identity_secret": PASSWORD}, a_client(ground)
    path = f"/system/clients/{client.pk}/tokens/"
    assert browser.post(path, {"days": 30, "scopes": ["roster:write"]} | known).status_code == 422
    assert not ApiToken.objects.exists()
    browser.post(path, {"days": 30, "scopes": client.scopes[:1]} | known)
    first = ApiToken.objects.get()
    browser.post(f"{path}{first.pk}/renew/", {"days": 30} | known)
    assert [token.scopes for token in ApiToken.objects.all()] == [client.scopes[:1]] * 2
    assert first.scope_labels[0] in browser.get(f"/system/clients/{client.pk}/").content.decode()


def test_the_signing_key_is_shown_once_and_asked_for_from_then_on(ground: Ground, settings: Any) -> None:
    settings.RECENT_AUTHENTICATION = timedelta(0)
    ground.system_admin.set_password(PASSWORD)
    ground.system_admin.save()
    browser, known, client = signed_in(ground.system_admin), {"identity_secret": PASSWORD}, a_client(ground)
    path = f"/system/clients/{client.pk}/"
    assert browser.post(f"{path}signing/").status_code == 403, "asked again who sits there"
    key = browser.post(f"{path}signing/", known).context["signing"]
    client.refresh_from_db()
    assert client.signing_secret == key
    page = browser.get(path).content.decode()
    assert key not in page
    assert "更换签名密钥" in page
    assert browser.post(f"{path}signing/end/", known).status_code == 302
    client.refresh_from_db()
    assert not client.signing_secret


def test_a_renewed_token_works_beside_the_old_one_for_seven_days(ground: Ground) -> None:
    client = a_client(ground)
    old = give_token(client.pk, actor=ground.system_admin, days=365)
    new = renew_token(client.pk, old.row.pk, actor=ground.system_admin, days=365)
    now = timezone.now()
    assert usable_token(old.text, now)
    assert usable_token(old.text, now + timedelta(days=8)) is None
    assert usable_token(new.text, now + timedelta(days=8))


def test_an_ended_client_calls_no_more(ground: Ground) -> None:
    client = a_client(ground)
    token = give_token(client.pk, actor=ground.system_admin, days=365)
    end_client(client.pk, actor=ground.system_admin, reason="合同到期")
    assert usable_token(token.text, timezone.now()) is None
    assert not ApiToken.objects.filter(revoked_at=None).exists()
    with pytest.raises(InvalidTransition):
        give_token(client.pk, actor=ground.system_admin, days=1)
    verbs = [entry.verb for entry in trail_of(client)]
    assert verbs == ["api_client_opened", "api_token_issued", "api_client_ended"]


def test_what_is_refused_says_why(ground: Ground) -> None:
    client = a_client(ground)
    with pytest.raises(PermissionDenied):
        give_token(client.pk, actor=ground.security_admin, days=30)
    with pytest.raises(RuleViolation):
        a_client(ground)
    with pytest.raises(BadInput):
        change_client(client.pk, ClientTerms(()), actor=ground.system_admin)
    with pytest.raises(RuleViolation):
        change_client(client.pk, ClientTerms(("cases:read",), timezone.localdate() - timedelta(days=1)),
                      actor=ground.system_admin)  # fmt: skip
    with pytest.raises(BadInput):
        give_token(client.pk, actor=ground.system_admin, days=2000)
