"""Keep a standard text or a macro, and throw one away."""

from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from grids.scope import scope_of
from workbench.models import StandardText
from workbench.standard_texts.filling import unknown_variables
from workbench.standard_texts.queries import acts_of_cases
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import BadInput, NotFound, RuleViolation, require
from zhongzhi.core.text import required_text

MOST = 50
LONGEST_TEXT, LONGEST_FIELDS = 2000, 8000
OF_ONE_CASE = ("csrfmiddlewaretoken", "version", "case", "typed-is-kept")
"""What a form carries for the case it was opened on."""


def keep_text(*, actor: User, name: str, text: str, shared_with: int | None = None) -> StandardText:
    """Keep a text under a name, for oneself or for an organisation of one's own; the same name again takes the new one.

    Raises BadInput at `name` or `text`, also for a variable that there is none of; RuleViolation for more than 50.
    """
    return _keep(actor, name, text, shared_with)


def keep_macro(*, actor: User, name: str, act: str, fields: str, shared_with: int | None = None) -> StandardText:
    """Keep the dialog of an act as it is filled in (`fields` as a form sends it), to be used on other cases.

    Raises as `keep_text` does, BadInput at `act` for an act that cases have not, at `fields` for nothing filled in.
    """
    if act not in acts_of_cases():
        raise BadInput("这个事项不能存为办法。", field="act")
    pairs = [(key, value) for key, value in parse_qsl(fields) if key not in OF_ONE_CASE and value.strip()]
    words = [value for key, value in pairs if not key.startswith("~")]
    if not words or len(fields) > LONGEST_FIELDS:
        raise BadInput("请先填好要存的内容。" if not words else "内容太长，不能存为办法。", field="fields")
    text = max(words, key=len)[:LONGEST_TEXT]
    return _keep(actor, name, text, shared_with, act=act, fields=urlencode(pairs))


@transaction.atomic
def _keep(
    actor: User, name: str, text: str, shared_with: int | None, *, act: str = "", fields: str = ""
) -> StandardText:
    require(shared_with is None or shared_with in scope_of(actor).organisation_ids, "只能共享给自己任职的单位。")
    name = required_text(name, field="name", missing="请填写名称。", max_length=20)
    text = required_text(text, field="text", missing="请填写内容。", max_length=LONGEST_TEXT, multiline=True)
    if unknown := unknown_variables(text):
        raise BadInput(f"没有这样的变量：{'、'.join(unknown)}。", field="text")
    User.objects.select_for_update().get(pk=actor.pk)
    if StandardText.objects.filter(user=actor).exclude(name=name).count() >= MOST:
        raise RuleViolation(f"最多保存 {MOST} 条常用语，请先删除不用的。", field="name")
    kept = {"text": text, "shared_with_id": shared_with, "act": act, "fields": fields}
    row, _ = StandardText.objects.update_or_create(user=actor, name=name, defaults=kept)
    return row


def discard_text(pk: int, *, actor: User) -> None:
    """Throw one of one's own texts away; NotFound for any other."""
    if not StandardText.objects.filter(user=actor, pk=pk).delete()[0]:
        raise NotFound("没有找到这条常用语。")
