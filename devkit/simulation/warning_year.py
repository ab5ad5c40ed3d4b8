"""A year of a county with planted courses, and what each rule of early warning would have done in it.

Quarrels that rise to red and wage claims that become a matter of a group stand among unrelated cases of 220 villages;
what is known of each course is compared with what the rules raised, and when.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.core.management import call_command
from django.utils import timezone

from devkit.benchmarks.ground import KNOWN
from devkit.benchmarks.history import places
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
KIND_OF = {"same-sides": "quarrels", "wages": "claims"}
"""Which planted courses a rule is to find by their third sign."""


@dataclass(frozen=True)
class YearPlan:
    """How many cases in all, and how many courses of each kind are among them."""

    cases: int = 20_000
    quarrels: int = 60
    claims: int = 25
    seed: int = 20


@dataclass(frozen=True)
class Course:
    """A planted course: of which kind, its cases, and when its third sign came."""

    kind: str
    cases: frozenset[int]
    third: datetime


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
    ]
    others = courses.unrelated(dice, villages, start, DAYS, plan.cases - len(planted))
    matters = sorted([*planted, *others], key=lambda one: one.at)
    written = courses.write(matters, author)  # type: ignore[arg-type]
    of_course: dict[int, list[tuple[Matter, Case]]] = {}
    for matter, case in zip(matters, written, strict=True):
        if matter.course:
            of_course.setdefault(matter.course, []).append((matter, case))
    return [_course(number, rows) for number, rows in of_course.items()]


def _course(number: int, rows: list[tuple[Matter, Case]]) -> Course:
    kind = "claims" if number > courses.CLAIMS_FROM else "quarrels"
    return Course(kind, frozenset(case.pk for _, case in rows), rows[2][0].at)


def _judged(looking: LookBack, planted: Sequence[Course]) -> Judged:
    raised = looking.past.raised
    of_any = frozenset[int]().union(*(course.cases for course in planted))
    own = [course for course in planted if course.kind == KIND_OF.get(looking.rule.slug)]
    in_time = sum(
        any(one.cases & course.cases and one.at <= course.third + IN_TIME for one in raised) for course in own
    )
    return Judged(looking.keep(), sum(not one.cases & of_any for one in raised), len(own), in_time)


def table_of(plan: YearPlan, found: Sequence[Judged], day: date, commit: str) -> str:
    """The part of docs/warnings.md."""
    told = TEXT.format(plan=plan, day=day, commit=commit)
    head = f"| {' | '.join(HEADS)} |\n{'|---' * len(HEADS)}|"
    return "\n".join([TITLE, "", told, head, *map(_row, found), ""])


TITLE = "## A year with planted courses"
TEXT = """Written by `python -m devkit simulate_warnings --write` on {day} at {commit}: {plan.cases:,}
cases of one year in 220 villages, among them {plan.quarrels} planted quarrels of four steps (three
signs, then red; names typed by ear) and {plan.claims} wage claims (four workers, then a group). “–”:
nothing was raised, or nothing of the kind is planted. The year has no year before it, so 明显高于往常
has no season to compare with: its false warnings are those of a first year of use.
"""
HEADS = (
    "规则", "时段、件数", "每周", "预警", "不在埋入的走向上", "查准率", "查全率", "提前天数", "第三个苗头 3 天内发现"
)  # fmt: skip


def _row(one: Judged) -> str:
    run = one.run
    shares = ["–" if share is None else f"{share:.2f}" for share in (run.precision, run.recall)]
    lead = "–" if run.lead_days is None else str(run.lead_days)
    in_time = f"{one.in_time} / {one.planted}" if one.planted else "–"
    cells = [run.slug, f"{run.window_days} 天 {run.threshold}", f"{run.a_week:.1f}", str(run.raised), str(one.beside)]
    return f"| {' | '.join([*cells, *shares, lead, in_time])} |"
