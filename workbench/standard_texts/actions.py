"""Keep a standard text, and throw one away."""

from django.db import transaction

from grids.scope import scope_of
from workbench.models import StandardText
from workbench.standard_texts.filling import unknown_variables
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import BadInput, NotFound, RuleViolation, require
from zhongzhi.core.text import required_text

MOST = 50


@transaction.atomic
def keep_text(*, actor: User, name: str, text: str, shared_with: int | None = None) -> StandardText:
    """Keep a text under a name, for oneself or for an organisation of one's own; the same name again takes the new one.

    Raises BadInput at `name` or `text`, also for a variable that there is none of; RuleViolation for more than 50.
    """
    require(shared_with is None or shared_with in scope_of(actor).organisation_ids, "只能共享给自己任职的单位。")
    name = required_text(name, field="name", missing="请填写名称。", max_length=20)
    text = required_text(text, field="text", missing="请填写内容。", max_length=2000, multiline=True)
    if unknown := unknown_variables(text):
        raise BadInput(f"没有这样的变量：{'、'.join(unknown)}。", field="text")
    User.objects.select_for_update().get(pk=actor.pk)
    if StandardText.objects.filter(user=actor).exclude(name=name).count() >= MOST:
        raise RuleViolation(f"最多保存 {MOST} 条常用语，请先删除不用的。", field="name")
    kept = {"text": text, "shared_with_id": shared_with}
    row, _ = StandardText.objects.update_or_create(user=actor, name=name, defaults=kept)
    return row


def discard_text(pk: int, *, actor: User) -> None:
    """Throw one of one's own texts away; NotFound for any other."""
    if not StandardText.objects.filter(user=actor, pk=pk).delete()[0]:
        raise NotFound("没有找到这条常用语。")
