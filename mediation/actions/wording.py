"""A county words a form itself, from a day on."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from mediation.documents.wording import form_text
from mediation.models import PaperWording
from mediation.permissions import may_change_wording
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import RuleViolation, require
from zhongzhi.core.text import required_text

NOT_YOURS = "文书用语由系统管理员或县级综治中心负责人修改。"


@transaction.atomic
def change_wording(key: str, mode: str, *, actor: User, text: str, starts_on: date, source: str = "") -> PaperWording:
    """Put other words in force, from tomorrow at the earliest: forms of today keep what was read and signed.

    A version that has not begun is changed; one that has begun never. Raises NotFound for a text that there is none
    of, RuleViolation at `starts_on` for a day too early, at `text` for a template that cannot be read.
    """
    require(may_change_wording(actor), NOT_YOURS)
    form = form_text(key, mode)
    if starts_on <= timezone.localdate():
        raise RuleViolation("最早从明天起启用：当天的文书用当天的文本。", field="starts_on")
    text = required_text(text, field="text", missing="请填写内容。", max_length=5000, multiline=True)
    source = source.strip()[:150]
    form.example(text, field="text")
    kept = {"text": text, "source": source, "set_by": actor, "set_at": timezone.now()}
    row, _ = PaperWording.objects.update_or_create(key=key, mode=mode, starts_on=starts_on, defaults=kept)
    record(actor, Verb.WORDING_CHANGED, f"wording:{key}", mode=mode, starts_on=starts_on, text=text)
    return row
