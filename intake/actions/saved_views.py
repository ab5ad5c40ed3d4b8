"""What a person does with the list for oneself: views kept under a name, files taken out."""

from collections.abc import Sequence

from django.db import transaction

from grids.scope import scope_of
from intake.models import SavedView
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, NotFound, RuleViolation, require
from zhongzhi.core.text import clean_text

MOST_VIEWS = 20


@transaction.atomic
def save_view(*, actor: User, name: str, address: str, shared_with: int | None = None) -> SavedView:
    """Keep a view under a name, for oneself or for an organisation of one's own; the same name again takes the new one.

    Raises BadInput at `name` for none, PermissionDenied for another's organisation, RuleViolation for more than 20.
    """
    require(shared_with is None or shared_with in scope_of(actor).organisation_ids, "只能共享给自己任职的单位。")
    name = clean_text(name, field="name", max_length=20)
    if not name:
        raise BadInput("请填写视图名称。", field="name")
    User.objects.select_for_update().get(pk=actor.pk)
    others = SavedView.objects.filter(user=actor).exclude(name=name).count()
    if others >= MOST_VIEWS:
        raise RuleViolation(f"最多保存 {MOST_VIEWS} 个视图，请先删除不用的。", field="name")
    kept = {"address": address[:1000], "shared_with_id": shared_with}
    row, _ = SavedView.objects.update_or_create(user=actor, name=name, defaults=kept)
    return row


def discard_view(pk: int, *, actor: User) -> None:
    """Throw one of one's own views away; NotFound for any other."""
    if not SavedView.objects.filter(user=actor, pk=pk).delete()[0]:
        raise NotFound("没有找到这个视图。")


@transaction.atomic
def note_export(*, actor: User, form: str, filters: Sequence[str], columns: Sequence[str]) -> None:
    """Whoever takes a selection out stands in the trail: format, names of the filters (not their texts), columns."""
    record(actor, Verb.EXPORTED, f"export:{actor.pk}", form=form, filters=list(filters), columns=list(columns))
