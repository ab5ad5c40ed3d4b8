"""How often each act was done, and which acts a long walk must have done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from intake.available_actions import ACTS
from mediation.available_actions import (
    AGREEMENT_ACTS,
    CONFIRMATION_ACTS,
    INSTALMENT_ACTS,
    MEDIATION_ACTS,
    SESSION_ACTS,
)
from referrals.available_actions import CARE_ACTS, CASE_ACTS, DOCUMENT_ACTS, TASK_ACTS

TABLES = {
    "": (*ACTS, *CASE_ACTS),
    "调解 ": MEDIATION_ACTS,
    "会期 ": SESSION_ACTS,
    "调解协议 ": AGREEMENT_ACTS,
    "履行 ": INSTALMENT_ACTS,
    "司法确认 ": CONFIRMATION_ACTS,
    "函单 ": DOCUMENT_ACTS,
    "联动任务 ": TASK_ACTS,
    "特殊关爱 ": CARE_ACTS,
}
NAMES = {f"{kind}{act.name}": act.label for kind, acts in TABLES.items() for act in acts}
EXTRA = {
    "mediate": "转入调解",
    "会期 hold": "记录会期",
    "调解协议 draft": "起草协议",
    "特殊关爱 open": "查看",
    "卷宗 add": "收入卷宗",
    "mediate-now": "当场调解",
    "名册 table": "导入名册",
    "名册 represent": "推选代表人",
    "名册 consent": "登记本人同意",
    "名册 join": "登记加入",
    "走访 record": "记录走访",
    "隐患 report": "上报隐患",
    "隐患 arrive": "到场",
    "隐患 watch": "列入关注",
    "隐患 solve": "就地化解",
    "隐患 reopen": "重新处置",
    "隐患 from-hazard": "转为案件",
}
CARE = {"特殊关爱 assess": "特殊关爱 assessment", "特殊关爱 withdraw-consent": "特殊关爱 withdraw"}
LABELS = {CARE.get(name, name): label for name, label in NAMES.items()} | EXTRA
WANTED = tuple(LABELS)
"""Every act of every table."""
HEAD = """\
# 逐件走到头 The walk over the desks

Written by `make desks`: cases walked to their ends by pages and by API (see [testing.md](testing.md)), and how often
each act was done.
"""
COLUMNS = ("| act | 事项 | times | of them by API |", "|---|---|---:|---:|")


@dataclass
class Tally:
    """What one part of the walk has done so far."""

    cases: int = 0
    seed: int = 0
    ends: Mapping[str, int] = field(default_factory=dict)
    done: Mapping[str, int] = field(default_factory=dict)
    by_api: Mapping[str, int] = field(default_factory=dict)
    faults: int = 0


def table_of(tallies: Sequence[Tally]) -> str:
    """The page: ends, then the acts, those done most often first."""
    ended, done, by_api = (sum(map(Counter, rows), Counter()) for rows in zip(*map(_counts, tallies), strict=True))
    ends = "、".join(f"{name} {n}" for name, n in ended.most_common())
    rows = [f"| {name} | {LABELS.get(name, '')} | {n} | {by_api[name] or ''} |" for name, n in done.most_common()]
    never = [f"{name}（{LABELS[name]}）" for name in LABELS if name not in done]
    seeds = ", ".join(str(tally.seed) for tally in tallies)
    cases, faults = sum(tally.cases for tally in tallies), sum(tally.faults for tally in tallies)
    facts = f"{cases} cases, seed {seeds}: {ends}. {sum(done.values())} acts, {faults} faults."
    last = ["", f"Never done: {'、'.join(never)}."] if never else []
    return "\n".join([HEAD, facts, "", *COLUMNS, *rows, *last, ""])


def _counts(tally: Tally) -> tuple[Mapping[str, int], ...]:
    return tally.ends, tally.done, tally.by_api
