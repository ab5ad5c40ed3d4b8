"""Passkeys of a person: asking the browser for one, taking one on, and checking its use."""

import os
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from zhongzhi.accounts.actions.second_factors import make_recovery_codes
from zhongzhi.accounts.actions.security import note
from zhongzhi.accounts.models import Passkey, RecoveryCode, SecurityKind, User
from zhongzhi.accounts.origin import origin_of
from zhongzhi.accounts.passkeys import (
    PasskeyWrong,
    credential_id_of,
    registered,
    registration_options,
    request_options,
    site_of,
    verified,
)
from zhongzhi.accounts.permissions import may_sign_in
from zhongzhi.core.errors import BadInput, RuleViolation
from zhongzhi.core.text import clean_text

CHALLENGE = "_passkey"
ANSWERED_WITHIN = timedelta(minutes=5)
MOST = 10
WRONG = "通行密钥没有通过验证，请再试一次，或改用密码和动态码。"


def ask_for_new_passkey(request: HttpRequest, user: User) -> str:
    """What the browser needs to make a key for this person, as JSON."""
    known = [bytes(key) for key in Passkey.objects.filter(user=user).values_list("credential_id", flat=True)]
    if len(known) >= MOST:
        raise RuleViolation(f"每人最多登记 {MOST} 个通行密钥，请先移除不用的。")
    return registration_options(
        site_of(request), _challenge(request), user_id=user.pk, username=user.username, name=user.name, known=known
    )


def ask_for_passkey(request: HttpRequest, user: User | None) -> str:
    """What the browser needs to use a key: one of this person's, or any that it has for this site."""
    known = Passkey.objects.filter(user=user).values_list("credential_id", flat=True) if user else ()
    return request_options(site_of(request), _challenge(request), known=[bytes(key) for key in known])


@transaction.atomic
def add_passkey(request: HttpRequest, user: User, credential: dict[str, Any], name: str) -> list[str]:
    """Take on the key that the browser made; recovery codes with the first second factor, shown this once.

    Raises BadInput for an answer that is wrong or late.
    """
    try:
        made = registered(site_of(request), _asked(request), credential)
    except PasskeyWrong:
        raise BadInput("通行密钥没有登记成功，请再试一次。") from None
    if Passkey.objects.filter(credential_id=made.credential_id).exists():
        raise BadInput("这个通行密钥已经登记过。")
    label = clean_text(name, field="name", max_length=50) or "通行密钥"
    Passkey.objects.create(
        user=user,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=label,
    )
    note(SecurityKind.FACTOR_ADDED, user, origin=origin_of(request), detail=f"通行密钥“{label}”")
    has_codes = RecoveryCode.objects.filter(user=user, used_at=None).exists()
    return [] if has_codes else make_recovery_codes(user, origin=origin_of(request))


def check_passkey(request: HttpRequest, credential: dict[str, Any], user: User | None) -> User:
    """Whose key was used, rightly and in time: that of `user`, or of anybody who may sign in.

    Raises BadInput for any other answer, which is noted when it is known whom it was meant to be.
    """
    try:
        return _use(request, credential, user)
    except PasskeyWrong:
        note(SecurityKind.FACTOR_FAILED, user, origin=origin_of(request), detail="通行密钥")
        raise BadInput(WRONG) from None


@transaction.atomic
def _use(request: HttpRequest, credential: dict[str, Any], user: User | None) -> User:
    key, challenge = credential_id_of(credential), _asked(request)
    row = Passkey.objects.select_for_update(of=("self",)).select_related("user").filter(credential_id=key).first()
    if row is None or not may_sign_in(row.user) or (user is not None and row.user_id != user.pk):
        raise PasskeyWrong
    row.sign_count = verified(
        site_of(request), challenge, credential, public_key=bytes(row.public_key), sign_count=row.sign_count
    )
    row.last_used_at = timezone.now()
    row.save(update_fields=["sign_count", "last_used_at"])
    return row.user


def _challenge(request: HttpRequest) -> bytes:
    """A question that is answered once, within five minutes, in this browser."""
    challenge = os.urandom(32)
    request.session[CHALLENGE] = {"asked": bytes_to_base64url(challenge), "at": timezone.now().isoformat()}
    return challenge


def _asked(request: HttpRequest) -> bytes:
    """The question this browser was asked last, which is spent with it."""
    asked = request.session.pop(CHALLENGE, None)
    if asked is None or timezone.now() - datetime.fromisoformat(asked["at"]) > ANSWERED_WITHIN:
        raise PasskeyWrong
    return base64url_to_bytes(asked["asked"])
