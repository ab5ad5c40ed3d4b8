"""Every figure once: what is divided by what, in the office's words. Pages, reports, API and lists read this table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from intake.counting.queries import Counts, all_measures

SMALL = 10
"""A rate over fewer cases is shown, marked as small, and not ranked."""
ROOMS = "rooms"
TOWN_TIERS = ("town", "village")


@dataclass(frozen=True)
class Part:
    """Cases of a measure, or those of some keys of an axis. Keys of organisations may be named: `rooms`."""

    measure: str
    axis: str = ""
    keys: tuple[str, ...] = ()

    def resolved(self, named: Mapping[str, tuple[str, ...]]) -> "Part":
        """With the keys that the name stands for."""
        keys = tuple(key for name in self.keys for key in named.get(name, (name,)))
        return Part(self.measure, self.axis, keys)

    def count(self, counts: Counts) -> int:
        """How many there are."""
        if not self.axis:
            return counts.get((self.measure, "", ""), 0)
        return sum(counts.get((self.measure, self.axis, key), 0) for key in self.keys)

    @property
    def is_stock(self) -> bool:
        """As of now, of no period: there is none before to compare with."""
        return not all_measures()[self.measure].moment

    @property
    def definition(self) -> str:
        """What is counted, in words."""
        return all_measures()[self.measure].definition


@dataclass(frozen=True)
class Figure:
    """One figure. A rate has a denominator; a median has the axis whose keys are the numbers, and a share of cases."""

    name: str
    label: str
    definition: str
    part: Part
    of: Part | None = None
    unit: str = "件"
    quantile: float = 0
    more_is_better: bool | None = None

    @property
    def is_rate(self) -> bool:
        """Shown in per cent."""
        return self.of is not None


def _rate(
    name: str, label: str, definition: str, part: Part, of: Part, *, more_is_better: bool | None = True
) -> Figure:
    return Figure(name, label, definition, part, of, unit="%", more_is_better=more_is_better)


def count_of(measure: str, *, more_is_better: bool | None = None) -> Figure:
    found = all_measures()[measure]
    return Figure(measure, found.label, found.definition, Part(measure), unit=found.unit, more_is_better=more_is_better)


def _quantile(name: str, label: str, part: Part, share: float, unit: str, definition: str) -> Figure:
    return Figure(name, label, definition, part, unit=unit, quantile=share, more_is_better=False)


_ACCEPTED, _CONCLUDED, _RESOLVED = Part("accepted"), Part("concluded"), Part("resolved")
FIGURES: dict[str, Figure] = {
    figure.name: figure
    for figure in (
        _rate(
            "resolution",
            "化解率",
            "期内化解数 ÷ 期内受理数，累计口径：分子含上期结转、本期化解的案件",
            _RESOLVED,
            _ACCEPTED,
        ),
        _rate(
            "resolution_towns",
            "苏木乡镇场化解率",
            "镇、村两级综治中心期内化解数 ÷ 这两级中心期内受理数；受理后上交的仍算受理",
            Part("resolved", "tier", TOWN_TIERS),
            Part("accepted", "tier_accepted", TOWN_TIERS),
        ),
        _rate(
            "resolution_county",
            "旗级中心化解率",
            "旗（县）级综治中心期内化解数 ÷ 本级期内受理数",
            Part("resolved", "tier", ("county",)),
            Part("accepted", "tier_accepted", ("county",)),
        ),
        _rate(
            "resolution_cohort",
            "化解率（同期）",
            "期内受理的案件中：化解数 ÷ 已办理完成或已过办理期限的；在办未超期的另列，不超过 100%",
            Part("cohort_resolved"),
            Part("cohort_due"),
        ),
        _rate(
            "resolution_cohort_towns",
            "苏木乡镇场化解率（同期）",
            "镇、村两级综治中心期内受理的案件中：化解数 ÷ 已办理完成或已过办理期限的",
            Part("cohort_resolved", "tier_accepted", TOWN_TIERS),
            Part("cohort_due", "tier_accepted", TOWN_TIERS),
        ),
        _rate(
            "resolution_cohort_county",
            "旗级中心化解率（同期）",
            "旗（县）级综治中心期内受理的案件中：化解数 ÷ 已办理完成或已过办理期限的",
            Part("cohort_resolved", "tier_accepted", ("county",)),
            Part("cohort_due", "tier_accepted", ("county",)),
        ),
        count_of("cohort_open"),
        _rate("resolution_concluded", "办理完成化解率", "期内化解数 ÷ 期内办理完成数", _RESOLVED, _CONCLUDED),
        count_of("registered"),
        count_of("accepted"),
        count_of("concerned"),
        count_of("concluded"),
        count_of("resolved"),
        count_of("unresolved"),
        count_of("closed"),
        count_of("open"),
        _rate("in_time", "按期办结率", "期内按期办理完成数 ÷ 期内办理完成数", Part("in_time"), _CONCLUDED),
        _rate(
            "share_village",
            "村级化解占比",
            "村级综治中心化解数 ÷ 化解数（小事不出村）",
            Part("resolved", "tier", ("village",)),
            _RESOLVED,
        ),
        _rate(
            "share_town",
            "镇级化解占比",
            "镇级综治中心化解数 ÷ 化解数（大事不出镇）",
            Part("resolved", "tier", ("town",)),
            _RESOLVED,
        ),
        _rate(
            "share_county",
            "县级化解占比",
            "旗（县）级综治中心化解数 ÷ 化解数",
            Part("resolved", "tier", ("county",)),
            _RESOLVED,
            more_is_better=None,
        ),
        _rate(
            "satisfaction",
            "群众满意率",
            "期内评价为 4、5 分的案件 ÷ 期内有评价的案件",
            Part("satisfied"),
            Part("rated"),
        ),
        _rate(
            "repeat",
            "重复诉求率",
            "期内登记的重复诉求数 ÷ 期内登记数",
            Part("repeated"),
            Part("registered"),
            more_is_better=False,
        ),
        _rate(
            "found_actively",
            "主动发现占比",
            "期内登记的案件中，网格排查和村屯群、移动上报发现的 ÷ 登记数",
            Part("registered", "channel", ("02", "03")),
            Part("registered"),
        ),
        Figure(
            "rooms",
            "品牌室化解数",
            "期内由品牌（金牌）调解室办理完成、结果为化解的案件",
            Part("resolved", "organisation", (ROOMS,)),
        ),
        _quantile(
            "days_median",
            "办理时长中位数",
            Part("concluded", "days"),
            0.5,
            "天",
            "期内办理完成的案件，从受理到办理完成的天数（当日为 0），取中位数",
        ),
        _quantile(
            "days_p90",
            "办理时长九成位",
            Part("concluded", "days"),
            0.9,
            "天",
            "期内办理完成的案件，九成在这一天数内办理完成",
        ),
        _quantile(
            "hours_median",
            "首次响应中位数",
            Part("accepted", "hours"),
            0.5,
            "小时",
            "期内受理的案件，从登记到受理的整小时数，取中位数",
        ),
        _quantile(
            "hours_p90",
            "首次响应九成位",
            Part("accepted", "hours"),
            0.9,
            "小时",
            "期内受理的案件，九成在这一小时数内受理",
        ),
        _rate(
            "mediation_success",
            "调解成功率",
            "期内达成协议的调解 ÷ 期内结束的调解；取消的不计，一案多次调解的逐次计",
            Part("mediated_agreed"),
            Part("mediated"),
        ),
        _rate(
            "performance",
            "协议履行率",
            "期内生效的调解协议中已全部履行的 ÷ 期内生效的调解协议；尚未到履行期限的也在分母中",
            Part("agreements_kept"),
            Part("agreements"),
        ),
        _rate(
            "confirmation",
            "司法确认率",
            "期内生效的调解协议中经人民法院裁定确认的 ÷ 期内生效的调解协议",
            Part("agreements_court"),
            Part("agreements"),
            more_is_better=None,
        ),
        _rate(
            "guidance_arrived",
            "导引到位率",
            "期内导引的案件中接收单位已接收的 ÷ 期内导引的案件；在途的和被退回的也在分母中",
            Part("guided_arrived"),
            Part("guided"),
        ),
        count_of("supervisions"),
        _rate(
            "feedback",
            "督办反馈率",
            "期内签发的督办单中已反馈整改情况的 ÷ 期内签发的督办单；按案件所在地，没有案件的按主送单位所在地",
            Part("feedbacks"),
            Part("supervisions"),
        ),
        count_of("hazards"),
        _rate(
            "hazards_settled",
            "隐患处置率",
            "期内发现的隐患中已就地化解或已转为案件的 ÷ 期内发现的隐患",
            Part("hazards_settled"),
            Part("hazards"),
        ),
    )
}


def quantile(counts: Counts, part: Part, share: float) -> int | None:
    """The smallest number that at least this share of the cases does not exceed (`percentile_disc`); None for none."""
    found = sorted(
        (int(key), n) for (measure, axis, key), n in counts.items() if (measure, axis) == (part.measure, part.axis)
    )
    return discrete(found, share)


def discrete(counted: Iterable[tuple[int, int]], share: float) -> int | None:
    """The same of numbers with how often each occurs, in order."""
    rows = list(counted)
    needed, passed = share * sum(n for _, n in rows), 0
    for number, n in rows:
        passed += n
        if passed >= needed:
            return number
    return None
