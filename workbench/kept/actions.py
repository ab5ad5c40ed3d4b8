"""Keep what is typed, sealed, by person and form; forget it when it was sent or thrown away."""

from django.db import transaction

from workbench.models import KeptInput, kept_aad
from zhongzhi.accounts.models import User
from zhongzhi.core import ciphers
from zhongzhi.core.errors import BadInput, TooLarge

LARGEST = 64 * 1024
LONGEST_PLACE = 200


@transaction.atomic
def keep_input(text: str, *, actor: User, place: str) -> KeptInput:
    """Keep a form as typed so far; the latest wins. Nothing in it is checked, and it is no act: no trail grows by it.

    Raises BadInput at `place` for what is no address of ours, TooLarge beyond 64 KB.
    """
    if not place.startswith("/") or len(place) > LONGEST_PLACE:
        raise BadInput("没有这个表单。", field="place")
    if len(text.encode()) > LARGEST:
        raise TooLarge("内容过长，无法自动保存；请尽快提交。")
    sealed = ciphers.seal(text, aad=kept_aad(actor.pk, place))
    row, _ = KeptInput.objects.update_or_create(user=actor, place=place, defaults={"sealed": sealed})
    return row


def forget_input(*, actor: User, place: str) -> None:
    """Nothing waits there any more."""
    KeptInput.objects.filter(user=actor, place=place).delete()
