"""Calls that have to be signed: who holds the token alone can neither change a call nor make it twice."""

import json
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from redis.exceptions import ConnectionError as CacheAway

from grids.actions.api_clients import ClientTerms, end_signing, give_token, open_client, sign_calls
from tests.intake.api import LAND
from tests.people import Ground
from zhongzhi.accounts.models import ApiClient
from zhongzhi.accounts.signed_calls import Signed
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.ciphers import sm3

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"
NONCE = "3f1c8a2e-7b9d-4c55"


@pytest.fixture
def station(ground: Ground) -> tuple[ApiClient, str, str]:
    """A system whose calls are signed, its token and its signing key."""
    terms = ClientTerms(("cases:read", "cases:register"))
    client = open_client("专网平台", ground.county_centre, terms, actor=ground.system_admin)
    token = give_token(client.pk, actor=ground.system_admin, days=30).text
    return client, token, sign_calls(client.pk, actor=ground.system_admin)


def call(
    station: tuple[ApiClient, str, str], body: bytes = b"", *, sent: tuple[str, bytes] | None = None, **told: str
) -> Any:
    """A call signed over `body` and what is told beside; `sent` is another address and content than those signed."""
    _, token, secret = station
    key, headers = told.pop("secret", secret), {"Authorization": f"Bearer {token}"}
    given = {"timestamp": str(int(timezone.now().timestamp())), "nonce": NONCE} | told
    signed = Signed("POST" if body else "GET", CASES, given["timestamp"], given["nonce"], body)
    headers |= {"X-Timestamp": signed.timestamp, "X-Nonce": signed.nonce, "X-Signature": signed.by(key)}
    path, content = sent or (CASES, body)
    return Client().generic(signed.method, path, content, "application/json", headers=headers)


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_signed_call_is_taken_and_its_content_read(station: Any) -> None:
    assert call(station).status_code == 200
    answer = call(station, json.dumps(LAND).encode(), nonce=NONCE + "-2")
    assert (answer.status_code, answer.json()["status"]) == (201, "registered")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"secret": "another"}, "signature_wrong"),
        ({"sent": (f"{CASES}?limit=200", b"")}, "signature_wrong"),
        ({"body": b"{}", "sent": (CASES, b'{"narrative": "changed"}')}, "signature_wrong"),
        ({"nonce": "short"}, "signature_wrong"),
        ({"timestamp": "1"}, "signature_stale"),
        ({"timestamp": "yesterday"}, "signature_stale"),
    ],
)
def test_what_was_changed_or_kept_back_is_refused(station: Any, changed: dict[str, Any], code: str) -> None:
    assert refused(call(station, **changed)) == (401, code)


def test_a_token_alone_is_not_enough(station: Any) -> None:
    assert refused(Client().get(CASES, headers={"Authorization": f"Bearer {station[1]}"})) == (401, "signature_missing")


def test_a_call_cannot_be_made_twice(station: Any) -> None:
    assert call(station).status_code == 200
    assert refused(call(station)) == (401, "signature_repeated")


def test_where_it_cannot_be_told_nothing_is_taken(station: Any) -> None:
    with patch.object(cache, "add", side_effect=CacheAway):
        answer = call(station)
    assert (refused(answer), answer["Retry-After"]) == ((503, "unavailable"), "5")


def test_a_new_key_ends_the_old_one_and_without_one_the_token_is_enough(ground: Ground, station: Any) -> None:
    client, token, _ = station
    new = sign_calls(client.pk, actor=ground.system_admin)
    assert refused(call(station)) == (401, "signature_wrong")
    assert call((client, token, new)).status_code == 200
    end_signing(client.pk, actor=ground.system_admin)
    assert Client().get(CASES, headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert [entry.verb for entry in trail_of(client)][2:] == ["api_signing_changed"] * 3
    assert new not in str([entry.facts for entry in trail_of(client)])


def test_the_signature_is_what_another_program_computes(station: Any) -> None:
    """HMAC (RFC 2104) written out, with SM3."""
    key, text = b"k".ljust(64, b"\0"), f"GET\n{CASES}\n1\n{NONCE}\n{sm3(b'')}".encode()
    inner = sm3(bytes(one ^ 0x36 for one in key) + text)
    outer = sm3(bytes(one ^ 0x5C for one in key) + bytes.fromhex(inner))
    assert Signed("GET", CASES, "1", NONCE, b"").by("k") == outer
