"""The variables of a standard text, and what stands for them on a case. What the reader may not see stays a blank."""

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode

from django.utils import timezone

from intake import queries
from intake.models import Case, PartySide
from intake.queries.veiling import veiled
from intake.sight import Level, sight_within
from zhongzhi.accounts.models import User
from zhongzhi.core.paper_dates import paper_day

BLANK = "＿＿"
VARIABLES: Final = {
    "申请人": "申请人的姓名",
    "被申请人": "被申请人的姓名",
    "编号": "案件编号",
    "标题": "案件标题",
    "发生地": "案件发生地",
    "承办单位": "当前办理单位",
    "中心": "负责的综治中心",
    "今天": "今天的日期",
    "我": "我的姓名",
}
_NAMED: Final = re.compile(r"\{([^{}\n]{1,12})\}")


def unknown_variables(text: str) -> list[str]:
    """Those in braces that nothing stands for."""
    return [f"{{{name}}}" for name in dict.fromkeys(_NAMED.findall(text)) if name not in VARIABLES]


def filled(text: str, values: dict[str, str]) -> str:
    """The text with its variables filled; a blank where there is nothing to fill in."""
    return _NAMED.sub(lambda found: values.get(found[1]) or BLANK, text)


def filled_fields(fields: str, values: dict[str, str]) -> str:
    """The same of each value of a form."""
    return urlencode([(key, filled(value, values)) for key, value in parse_qsl(fields)])


def values_for(user: User, case: Case | None) -> dict[str, str]:
    """What stands for each variable, as this person may see it."""
    values = {"今天": paper_day(timezone.localdate()), "我": user.name}
    if case is None:
        return values
    sight = sight_within(user, case)
    parties = queries.party_views(case, names_in_clear=sight.is_full) if sight.level >= Level.MASKED else []
    named = {
        side: "、".join(party.name for party in parties if party.side == side and party.role == "principal")
        for side in PartySide
    }
    shown = veiled(user, case)
    return values | {
        "申请人": named[PartySide.APPLICANT],
        "被申请人": named[PartySide.RESPONDENT],
        "编号": str(case.code),
        "标题": shown.title,
        "发生地": case.territory.full_name if case.territory else "",
        "承办单位": case.holder.name if case.holder else "",
        "中心": case.centre.name if case.centre else "",
    }
