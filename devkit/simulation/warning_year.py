"""A year of a county with planted courses, and what each rule of early warning would have done in it.

Quarrels that rise to red, wage claims that become a matter of a group and villages with three times their usual cases
stand among unrelated cases of 220 villages; what is known of each course is compared with what the rules raised, and
when.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.core.management import call_command
from django.utils import timezone

from devkit.benchmarks.ground import KNOWN
from devkit.benchmarks.history import TOWNS, VILLAGES, places
from devkit.simulation import courses
from devkit.simulation.courses import Matter
from early_warning.actions.backtesting import LookBack
from early_warning.detection import OF_CASES
from early_warning.models import BacktestRun
from early_warning.queries import rules_in_force
from grids.models import Territory
from intake.counting.actions import rebuild_tallies
from intake.models import Case
from tests.people import make_ground

DAYS = 365
IN_TIME = timedelta(days=3)
KIND_OF = {"same-sides": "quarrels", "wages": "claims", "above-usual": "bursts"}
"""Which planted courses a rule is to find in time."""
LEAST_BURST = 8


@dataclass(frozen=True)
class YearPlan:
    """How many cases of the year, how many courses of each kind are among them, and how many years with as many cases,
    but without courses, lie before it."""

    cases: int = 20_000
    quarrels: int = 60
    claims: int = 25
    bursts: int = 12
    before: int = 1
    seed: int = 20

    @property
    def more(self) -> int:
        """Cases of a burst: twice what a village has in four weeks, on top of it."""
        return max(LEAST_BURST, round(2 * self.cases / (TOWNS * VILLAGES) * courses.BURST_DAYS / DAYS))


@dataclass(frozen=True)
class Course:
    """A planted course: of which kind, its cases, and until when a warning of it is in time."""

    kind: str
    cases: frozenset[int]
    until: datetime


@dataclass(frozen=True)
class Judged:
    """What one rule did: its run, how many warnings stand on no course, and how many courses it found in time."""

    run: BacktestRun
    beside: int
    planted: int
    in_time: int


def judged_year(plan: YearPlan) -> Iterator[Judged]:
    """Plant the year in a database that holds no cases, and ask every rule of cases."""
    ground = KNOWN["ground"] = make_ground()
    call_command("load_warning_rules", verbosity=0)
    planted = _plant(plan, list(Territory.objects.filter(pk__in=places())), ground.clerk)
    rebuild_tallies()
    today = timezone.localdate()
    for rule in rules_in_force(today):
        if rule.kind in OF_CASES:
            looking = LookBack(rule, today - timedelta(days=DAYS + 1), today + timedelta(days=1))
            while looking.look_on():
                pass
            yield _judged(looking, planted)


def _plant(plan: YearPlan, villages: Sequence[Territory], author: object) -> list[Course]:
    dice, start = Random(plan.seed), timezone.now() - timedelta(days=DAYS)  # noqa: S311 - repeatable, not secret
    planted = [
        *courses.quarrels(dice, villages, start, DAYS, plan.quarrels),
        *courses.wage_claims(dice, villages, start, DAYS, plan.claims),
        *courses.bursts(dice, villages, start, DAYS, plan.bursts, plan.more),
    ]
    others = courses.unrelated(dice, villages, start, DAYS, plan.cases - len(planted))
    long_ago, days = start - timedelta(days=DAYS * plan.before), DAYS * plan.before
    earlier = courses.unrelated(dice, villages, long_ago, days, plan.cases * plan.before)
    matters = sorted([*planted, *others, *earlier], key=lambda one: one.at)
    written = courses.write(matters, author)  # type: ignore[arg-type]
    of_course: dict[int, list[tuple[Matter, Case]]] = {}
    for matter, case in zip(matters, written, strict=True):
        if matter.course:
            of_course.setdefault(matter.course, []).append((matter, case))
    return [_course(number, rows) for number, rows in of_course.items()]


def _course(number: int, rows: list[tuple[Matter, Case]]) -> Course:
    cases = frozenset(case.pk for _, case in rows)
    if number > courses.BURSTS_FROM:
        return Course("bursts", cases, rows[0][0].at + timedelta(days=courses.BURST_DAYS))
    return Course("claims" if number > courses.CLAIMS_FROM else "quarrels", cases, rows[2][0].at + IN_TIME)


def _judged(looking: LookBack, planted: Sequence[Course]) -> Judged:
    raised = looking.past.raised
    of_any = frozenset[int]().union(*(course.cases for course in planted))
    own = [course for course in planted if course.kind == KIND_OF.get(looking.rule.slug)]
    in_time = sum(any(one.cases & course.cases and one.at <= course.until for one in raised) for course in own)
    return Judged(looking.keep(), sum(not one.cases & of_any for one in raised), len(own), in_time)


def table_of(plan: YearPlan, found: Sequence[Judged], day: date, commit: str) -> str:
    """The part of docs/warnings.md."""
    beside = sum(one.beside for one in found)
    told = TEXT.format(plan=plan, day=day, commit=commit, beside=beside, beside_a_week=beside / (DAYS / 7))
    head = f"| {' | '.join(HEADS)} |\n{'|---' * len(HEADS)}|"
    return "\n".join([TITLE, "", told, head, *map(_row, found), ""])


TITLE = "## A year with planted courses"
TEXT = """Written by `python -m devkit simulate_warnings --write` on {day} at {commit}: {plan.cases:,}
cases of one year in 220 villages, among them {plan.quarrels} planted quarrels of four steps (three
signs, then red; names typed by ear), {plan.claims} wage claims (four workers, then a group) and {plan.bursts} villages
with {plan.more} cases more than usual within 28 days. Found in time: within 3 days of the third sign, a village
within those 28 days. Years before it, with as many cases and nothing planted: {plan.before}. “–”: nothing was
raised, or nothing of the kind is planted. 查准率 and 查全率 are of matters that went bad, as in the backtest. All
rules together raised {beside} warnings beside the planted courses, {beside_a_week:.2f} a week.
"""
HEADS = (
    "规则", "时段、件数", "每周", "预警", "不在埋入的走向上", "查准率", "查全率", "提前天数", "及时发现埋入的"
)  # fmt: skip


def _row(one: Judged) -> str:
    run = one.run
    shares = ["–" if share is None else f"{share:.2f}" for share in (run.precision, run.recall)]
    lead = "–" if run.lead_days is None else str(run.lead_days)
    in_time = f"{one.in_time} / {one.planted}" if one.planted else "–"
    cells = [run.slug, f"{run.window_days} 天 {run.threshold}", f"{run.a_week:.1f}", str(run.raised), str(one.beside)]
    return f"| {' | '.join([*cells, *shares, lead, in_time])} |"
