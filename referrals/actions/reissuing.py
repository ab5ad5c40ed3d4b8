"""A slip under way that says something wrong: declared void and issued anew in one act, while the work goes on."""

from django.db import transaction
from django.utils import timezone

from intake.transitions import reason_given
from referrals.actions._transitions import locked, move
from referrals.actions.signing import number_and_file, send_out
from referrals.drafting import Draft, write_draft
from referrals.lifecycle import Event
from referrals.models import Document, Purpose, Trigger
from referrals.notifications import notify_addressee
from referrals.permissions import may_sign
from referrals.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, RuleViolation, require
from zhongzhi.core.text import clean_text


@transaction.atomic
def reissue_slip(
    document: Document,
    *,
    actor: User,
    reason: str,
    subject: str = "",
    body: str = "",
    version: int | None = None,
) -> Document:
    """Declare a dispatch slip void and issue its correction, which names the number it stands for; the new one.

    The old number stays and is never given again. The case is not handed out anew: its limits run on as they are, and
    who has signed for it need not sign again. Words left empty stay as they were. Raises InvalidTransition for
    another kind of document and when the organisation does not handle the case any more, RuleViolation at `body`
    where nothing is said differently.
    """
    old = locked(document, version=version)
    require(may_sign(actor, old), f"{old.kind.name}由{old.kind.get_signatory_display()}作废重发。")
    reason = reason_given(reason)
    if old.kind.purpose != Purpose.DISPATCH or old.handling is None or old.handling.closed_at is not None:
        raise InvalidTransition("只有承办单位正在办理的交办单可以作废重发；其他公文请作废后另行拟制。")
    words = _corrected(old, subject, body)
    move(old, Event.VOID, actor=actor, note=reason, ended_at=timezone.now())
    new = write_draft(_draft(old, words), actor)
    assert new is not None
    number_and_file(new, actor)
    send_out(new, actor)
    record(actor, Verb.VOIDED, old, number=old.number, reissued_as=new.number)
    notify_addressee(old, "document_voided", f"已作废，以{new.number}为准")
    return new


def _corrected(old: Document, subject: str, body: str) -> tuple[str, str]:
    """The words of the correction, with the number of the slip it stands for."""
    title = clean_text(subject, field="subject", max_length=200) or old.subject
    text = clean_text(body, field="body", max_length=10_000, multiline=True) or old.body
    if (title, text) == (old.subject, old.body):
        raise RuleViolation("标题和正文与原单相同；请改正后再重发，不需要改的不必重发。", field="body")
    return title, f"{text}\n（{old.number}同时作废，以本单为准，原定时限不变。）"


def _draft(old: Document, words: tuple[str, str]) -> Draft:
    return Draft(
        kind=old.kind,
        centre=old.issuer,
        addressee=old.addressee,
        case=old.case,
        handling=old.handling,
        follows=old,
        trigger=Trigger.DISPATCHED,
        words=words,
        copied_to=old.copied_to,
    )
