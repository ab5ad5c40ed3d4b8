"""What a person does with the list for oneself: views kept under a name, files taken out."""

from collections.abc import Sequence

from django.db import transaction

from intake.models import SavedView
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, NotFound, RuleViolation
from zhongzhi.core.text import clean_text

MOST_VIEWS = 20


@transaction.atomic
def save_view(*, actor: User, name: str, address: str) -> SavedView:
    """Keep a view under a name; the same name again takes the new one.

    Raises BadInput at `name` for none, RuleViolation for more than 20.
    """
    name = clean_text(name, field="name", max_length=20)
    if not name:
        raise BadInput("请填写视图名称。", field="name")
    User.objects.select_for_update().get(pk=actor.pk)
    others = SavedView.objects.filter(user=actor).exclude(name=name).count()
    if others >= MOST_VIEWS:
        raise RuleViolation(f"最多保存 {MOST_VIEWS} 个视图，请先删除不用的。", field="name")
    row, _ = SavedView.objects.update_or_create(user=actor, name=name, defaults={"address": address[:1000]})
    return row


def discard_view(pk: int, *, actor: User) -> None:
    """Throw one of one's own views away; NotFound for any other."""
    if not SavedView.objects.filter(user=actor, pk=pk).delete()[0]:
        raise NotFound("没有找到这个视图。")


@transaction.atomic
def note_export(*, actor: User, form: str, filters: Sequence[str], columns: Sequence[str]) -> None:
    """Whoever takes a selection out stands in the trail: format, names of the filters (not their texts), columns."""
    record(actor, Verb.EXPORTED, f"export:{actor.pk}", form=form, filters=list(filters), columns=list(columns))
