"""Text typed at the register page and not sent yet: kept as one types, found again by its typist alone."""

from uuid import UUID

from django.db import transaction

from intake.lifecycle import State
from intake.models import Case, EntryAutosave
from intake.models.autosave import autosave_aad
from intake.permissions import may_register
from intake.transitions import hold_entry
from zhongzhi.accounts.models import User
from zhongzhi.core import ciphers
from zhongzhi.core.errors import InvalidTransition, TooLarge, require

LARGEST = 256 * 1024


@transaction.atomic
def save_autosave(text: str, *, actor: User, uid: UUID) -> EntryAutosave:
    """Keep the page as typed so far under the entry's own number; the latest wins. Nothing in it is checked.

    Raises TooLarge beyond 256 KB, InvalidTransition once the entry is a case: what arrives late brings nothing back.
    It is no act on a case, so the trail does not grow with every key press.
    """
    require(may_register(actor), "您的岗位不能登记案件。")
    hold_entry(uid)
    if Case.objects.filter(uid=uid).exclude(status=State.DRAFT, created_by=actor).exists():
        raise InvalidTransition("这份录入已经登记，不再自动保存。")
    if len(text.encode()) > LARGEST:
        raise TooLarge("录入内容过长，无法自动保存；请精简后提交。")
    sealed = ciphers.seal(text, aad=autosave_aad(actor.pk, uid))
    row, _ = EntryAutosave.objects.update_or_create(user=actor, uid=uid, defaults={"sealed": sealed})
    return row


def discard_autosave(*, actor: User, uid: UUID) -> None:
    """Nothing is waiting any more: it was sent, or thrown away."""
    EntryAutosave.objects.filter(user=actor, uid=uid).delete()
