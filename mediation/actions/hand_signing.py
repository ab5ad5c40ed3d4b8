"""Signing on a screen at the hall: a code goes to the phone of who signs, the finger draws, both are kept."""

import secrets
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from intake.models import Party
from mediation.actions._locking import acting_guardian, done, locked_for, require_open
from mediation.actions.agreements import Signed, locked_agreement, sign_agreement
from mediation.lifecycle import AgreementState
from mediation.models import Agreement, AgreementForm, SigningCode, SigningKind
from mediation.queries.signatures import missing_signatures
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.core.ciphers import keyed_hash
from zhongzhi.core.errors import InvalidTransition, RuleViolation
from zhongzhi.files.preparing import prepared
from zhongzhi.notices.actions import post_text_message

LIVES, AGAIN_AFTER, MOST_TRIES = timedelta(minutes=10), timedelta(minutes=1), 5
NO_PHONE = "没有登记能收短信的手机。请打印协议，在纸上签名或者按指印，再记录签署。"
HOW = "屏幕手写签名"


@transaction.atomic
def send_signing_code(agreement: Agreement, party: Party, *, actor: User) -> str:
    """Send a code to the phone of who signs for this party; the end of the number. RuleViolation where none takes it,
    and within a minute of the last."""
    agreement = _to_sign(agreement, party, actor)
    now, phone = timezone.now(), _phone_of(party)
    last = SigningCode.objects.filter(agreement=agreement, party=party).first()
    if last is not None and last.sent_at > now - AGAIN_AFTER:
        raise RuleViolation("验证码刚刚发出，请一分钟后再试。", field="code")
    code = f"{secrets.randbelow(10**6):06d}"
    head = f"【{agreement.mediation.body.organisation.short_name}】"
    text = f"{head}调解协议签署验证码 {code}，10分钟内有效。签名前请核对协议内容。"
    key = f"signing:{agreement.pk}:{party.pk}:{int(now.timestamp())}"
    if not post_text_message(phone, text, key=key, not_after=now + LIVES):
        raise RuleViolation(NO_PHONE, field="code")
    values = {"code_hash": _hash(agreement, party, code), "sent_to": phone[-4:], "sent_at": now, "tries": 0}
    SigningCode.objects.update_or_create(agreement=agreement, party=party, defaults=values)
    done(agreement.mediation, actor, Verb.SIGNING_CODE_SENT, agreement=agreement.pk, party=party.pk)
    return phone[-4:]


def sign_by_hand(
    agreement: Agreement, party: Party, code: str, drawing: "UploadedFile[Any]", device: str, *, actor: User
) -> Agreement:
    """Keep what was drawn as this party's signature, with time, device and the proof of the code; the last signature
    brings the agreement into force."""
    proof = _proof(agreement, party, code, actor)
    with prepared(drawing) as (file,):
        today = timezone.localdate()
        signed = Signed(SigningKind.PARTY, today, party.pk, HOW, drawn=file, device=device[:200], sent_to=proof.sent_to)
        return sign_agreement(agreement, [signed], actor=actor)


def _proof(agreement: Agreement, party: Party, code: str, actor: User) -> SigningCode:
    """The code that was sent, when this is it; it counts once. Every wrong one counts, whatever follows."""
    with transaction.atomic():
        agreement = _to_sign(agreement, party, actor)
        row = SigningCode.objects.select_for_update().filter(agreement=agreement, party=party).first()
        why = _why_no_proof(row, _hash(agreement, party, code.strip()))
        if row is not None:
            row.tries = MOST_TRIES if not why else row.tries + 1
            row.save(update_fields=["tries"])
    if row is None or why:
        raise RuleViolation(why, field="code")
    return row


def _why_no_proof(row: SigningCode | None, given: bytes) -> str:
    if row is None:
        return "请先发送验证码。"
    if row.tries >= MOST_TRIES or row.sent_at < timezone.now() - LIVES:
        return "验证码已失效，请重新发送。"
    return "" if secrets.compare_digest(bytes(row.code_hash), given) else "验证码不对，请核对短信。"


def _to_sign(agreement: Agreement, party: Party, actor: User) -> Agreement:
    """The locked draft, for which this party has not signed yet."""
    mediation = locked_for(agreement.mediation, actor)
    agreement = locked_agreement(agreement, mediation)
    require_open(mediation)
    if agreement.status != AgreementState.DRAFT or agreement.form != AgreementForm.WRITTEN:
        raise InvalidTransition("只有起草中的书面协议可以签署。")
    if (SigningKind.PARTY, party.pk) not in {(kind, pk) for kind, pk, _ in missing_signatures(agreement)}:
        raise RuleViolation("这位当事人已经签署，或者不需要签署。", field="party")
    return agreement


def _phone_of(party: Party) -> str:
    """Of the guardian who signs for somebody, else the party's own."""
    guardian = acting_guardian(party, field="party")
    phone = (guardian or party).phone
    if not phone:
        raise RuleViolation(NO_PHONE, field="code")
    return phone


def _hash(agreement: Agreement, party: Party, code: str) -> bytes:
    return keyed_hash(f"{agreement.uid}:{party.uid}:{code}", purpose="signing-code")
