"""What is counted of the cases: each measure once, as a condition on the case and the moment that dates it.
What is counted beside the cases stands with its own app and is made known at `intake.extension_points`.

The roll-ups (`intake.counting.actions`), the plain recount and the lists that a figure opens are all made from this
table, so that a figure and its list cannot differ. The words of each measure are its definition for the reader.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, ExpressionWrapper, F, FloatField, Func, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Left
from django.utils import timezone

from intake.counting.declarations import Measure
from intake.lifecycle import DONE_STATES, OPEN_STATES, State
from intake.models import Channel, Complexity, Outcome, Risk, Tier

STOCK_DAY = date(2000, 1, 1)
"""The day under which stocks are kept: what is open now belongs to no period."""
LONGEST_DAYS, LONGEST_HOURS = 366, 999


@dataclass(frozen=True)
class Axis:
    """A way to split a measure. `expression` gives the key, `of` the cases with a key, `labels` how keys read."""

    name: str
    label: str
    expression: Combinable
    of: Callable[[str], Q]
    labels: dict[str, str] | None = None


def _plain(name: str, label: str, labels: dict[str, str] | None = None) -> Axis:
    return Axis(name, label, Cast(F(name), CharField()), lambda key: Q(**{name: key}), labels)


def _local_day(moment: str) -> Func:
    return Func(F(moment), template=f"(%(expressions)s AT TIME ZONE '{timezone.get_default_timezone()}')::date")


def _days() -> Combinable:
    between = Func(_local_day("concluded_at"), _local_day("accepted_at"), template="%(expressions)s", arg_joiner=" - ")
    return Cast(Func(Func(between, Value(LONGEST_DAYS), function="LEAST"), Value(0), function="GREATEST"), CharField())


def _hours() -> Combinable:
    seconds = Func(
        ExpressionWrapper(F("accepted_at") - F("registered_at"), output_field=FloatField()),
        template="floor(extract(epoch from %(expressions)s) / 3600)::int",
    )
    return Cast(Func(Func(seconds, Value(LONGEST_HOURS), function="LEAST"), Value(0), function="GREATEST"), CharField())


def _none(key: str) -> Q:
    return Q(pk__in=[])


AXES = {
    axis.name: axis
    for axis in (
        Axis("category", "纠纷类别", Left("category_id", 2), lambda key: Q(category__code__startswith=key)),
        _plain("channel", "来源渠道", dict(Channel.choices)),
        _plain("tier", "办理层级", dict(Tier.choices)),
        Axis("tier_accepted", "受理层级", F("accepted_tier"), lambda key: Q(accepted_tier=key), dict(Tier.choices)),
        _plain("risk", "风险等级", dict(Risk.choices)),
        _plain("complexity", "难易程度", dict(Complexity.choices)),
        _plain("outcome", "化解方式", dict(Outcome.choices)),
        _plain("status", "状态", dict(State.choices)),
        Axis("organisation", "办理单位", Cast(F("concluded_by_id"), CharField()), lambda key: Q(concluded_by_id=key)),
        Axis("holder", "当前办理单位", Cast(F("holder_id"), CharField()), lambda key: Q(holder_id=key)),
        Axis("days", "办理天数", _days(), _none),
        Axis("hours", "响应小时数", _hours(), _none),
    )
}
_ENDED = Q(status__in=[State.CONCLUDED, *DONE_STATES])
_COHORT = Q(accepted_at__isnull=False) & ~Q(status=State.MERGED)
_OPEN = Q(status__in=OPEN_STATES)
CASE_MEASURES = (
    Measure(
        "registered",
        "登记数",
        "期内登记的全部案件（含导引、撤回、并案）",
        ~Q(status=State.DRAFT),
        "registered_at",
        ("channel",),
    ),
    Measure(
        "accepted",
        "受理数",
        "期内受理的案件；并入其他案件的只计一件",
        Q(accepted_at__isnull=False) & ~Q(status=State.MERGED),
        "accepted_at",
        ("category", "channel", "tier_accepted", "risk", "complexity", "hours"),
    ),
    Measure(
        "concluded",
        "办理完成数",
        "期内反馈了办理结果的案件（化解或未化解），重办和审核退回的除外",
        _ENDED,
        "concluded_at",
        ("tier", "organisation", "days"),
    ),
    Measure(
        "resolved",
        "化解数",
        "期内办理完成、结果为化解的案件",
        _ENDED & ~Q(outcome=Outcome.UNRESOLVED),
        "concluded_at",
        ("category", "channel", "tier", "risk", "outcome", "organisation"),
    ),
    Measure(
        "unresolved",
        "未化解数",
        "期内办理完成、结果为未化解（已引导其他法律途径）的案件",
        _ENDED & Q(outcome=Outcome.UNRESOLVED),
        "concluded_at",
        ("tier", "organisation"),
    ),
    Measure(
        "in_time",
        "按期办理完成数",
        "期内办理完成、各办理时限均未超期的案件",
        _ENDED & Q(in_time=True),
        "concluded_at",
        ("tier", "organisation"),
    ),
    Measure(
        "cohort_due",
        "同期应有结果数",
        "期内受理的案件中，已办理完成的和已过办理期限的；在办未超期的另列，撤回、导引的不计",
        _COHORT & (_ENDED | (_OPEN & ~_ENDED & Q(is_past_limit=True))),
        "accepted_at",
        ("tier_accepted",),
    ),
    Measure(
        "cohort_resolved",
        "同期化解数",
        "期内受理的案件中，已办理完成、结果为化解的",
        _COHORT & _ENDED & ~Q(outcome=Outcome.UNRESOLVED),
        "accepted_at",
        ("tier_accepted",),
    ),
    Measure(
        "cohort_failed",
        "同期未化解数",
        "期内受理的案件中，已办理完成、结果为未化解的",
        _COHORT & _ENDED & Q(outcome=Outcome.UNRESOLVED),
        "accepted_at",
    ),
    Measure(
        "cohort_late",
        "同期超期在办数",
        "期内受理、尚未办理完成、已过办理期限的案件",
        _COHORT & _OPEN & ~_ENDED & Q(is_past_limit=True),
        "accepted_at",
    ),
    Measure(
        "cohort_open",
        "同期在办未超期数",
        "期内受理、尚未办理完成、未过办理期限的案件",
        _COHORT & _OPEN & ~_ENDED & Q(is_past_limit=False),
        "accepted_at",
    ),
    Measure(
        "cohort_left",
        "同期撤回导引数",
        "期内受理、后来撤回或者导引的案件",
        _COHORT & Q(status__in=[State.WITHDRAWN, State.GUIDED]),
        "accepted_at",
    ),
    Measure("closed", "办结数", "期内审核办结的案件", Q(status__in=DONE_STATES), "closed_at", ("tier",)),
    Measure(
        "rated",
        "评价数",
        "期内回访到或群众自己评价了的案件；多次评价的以最近一次为准",
        Q(satisfaction__isnull=False),
        "rated_at",
        ("tier", "organisation"),
    ),
    Measure(
        "satisfied",
        "满意数",
        "期内评价为满意或很满意（4、5 分）的案件",
        Q(satisfaction__gte=4),
        "rated_at",
        ("tier", "organisation"),
    ),
    Measure(
        "repeated",
        "重复诉求数",
        "期内登记、经窗口认定为同一诉求再次提出的案件",
        Q(is_repeat=True) & ~Q(status=State.DRAFT),
        "registered_at",
        (),
    ),
    Measure(
        "open",
        "在办数",
        "此刻已登记、尚未办结的案件（含中止）；存量只按此刻计，不与上期比较",
        Q(status__in=OPEN_STATES),
        "",
        ("status", "tier", "risk", "holder"),
    ),
)
