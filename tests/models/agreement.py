"""Where the program must agree with the model after every step, and what must be true of it whatever happened."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from intake.coordination.models import Task
from intake.deadlines.models import Clock
from intake.models import Case, Handling, StatusChange
from intake.queries import cases_visible_to
from intake.queries.at_rest import broken_rests
from mediation.models import Agreement, Booking, Confirmation, Instalment, Mediation, Session
from mediation.queries.visibility import mediations_visible_to
from referrals.models import Document
from referrals.queries import documents_visible_to
from tests.models import office
from tests.models.acts import Model, Product
from tests.models.matters import MEDIATION_LIMITS, MOVES, Matter
from tests.models.sight import lists_paper, sees_case
from zhongzhi.accounts.models import User

# Every column of every row of what the walk may change: a refused act leaves the sum as it was.
TABLES = """    intake_case intake_party intake_handling intake_clock intake_clockpause intake_statuschange intake_task
    intake_returnrequest intake_extensionrequest intake_tiermove intake_rest intake_merger intake_repeatlink
    intake_roadtaken intake_guidance intake_worknote intake_direction intake_followup intake_querycode
    intake_gradechange intake_leaderincharge
    intake_counter mediation_mediation mediation_consent mediation_session mediation_booking mediation_agreement
    mediation_signing
    mediation_instalment mediation_performance mediation_confirmation referrals_document referrals_documentstep
    referrals_documentanswer referrals_documentextension referrals_carerecord referrals_meeting referrals_ladderstep
    grids_hazard audit_trailentry notices_outboxmessage notices_notice
"""
SUM = " UNION ALL ".join(
    f"SELECT '{t}', count(*), coalesce(sum(hashtext(r::text)), 0) FROM {t} r" for t in TABLES.split()
)


def everything() -> list[Any]:
    """A sum over all rows that acts write."""
    with connection.cursor() as cursor:
        cursor.execute(SUM)
        return sorted(cursor.fetchall())


def check(m: Model) -> None:
    """All of it."""
    with connection.cursor() as cursor:  # what is checked at commit is checked now
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    check_steps()
    check_cases(m)
    check_work(m)
    check_limits(m)
    check_ends(m)
    check_talks(m)
    check_papers(m)
    same("what hangs on cases at rest", list(broken_rests()), [])


def same(what: str, product: Any, model: Any) -> None:
    assert product == model, f"{what}: the program has {product!r}, the model {model!r}"


def check_steps() -> None:
    """A case stands where its last step left it; each step begins where the one before ended, and leads as it may."""
    at: dict[int, str] = {}
    back: dict[int, str] = {}
    rows = StatusChange.objects.order_by("pk").values_list("case_id", "event", "from_status", "to_status")
    for case, event, before, after in rows:
        same(f"where step {event} of case {case} begins", before, at.get(case, "draft"))
        same(f"where step {event} of case {case} leads", after, MOVES[before, event] or back[case])
        at[case], back[case] = after, before
    same("states", dict(Case.objects.exclude(status="draft").values_list("pk", "status")), at)


def check_cases(m: Model) -> None:
    columns = (
        "pk",
        "status",
        "status_before",
        "centre__name",
        "holder__name",
        "tier",
        "risk",
        "complexity",
        "solved_tier",
    )
    rows = Case.objects.select_related("centre", "holder").values_list(*columns)
    same("cases", {row[0]: row[1:] for row in rows}, {x.pk: _facts(x) for x in m.matters})


def _facts(x: Matter) -> tuple[Any, ...]:
    centre, holder = (office.ORGS[org].name if org else None for org in (x.centre, x.holder))
    return x.status, x.prior, centre, holder, x.tier, x.risk, x.complexity, x.solved


def check_work(m: Model) -> None:
    rows = Handling.objects.values_list("pk", "kind", "part", "signed_at", "closed_at")
    given = {pk: (kind, part, bool(signed), not closed) for pk, kind, part, signed, closed in rows}
    same("work", given, {work.pk: (work.kind, work.part, work.signed, work.open) for _, work in m.works})
    open_tasks = Task.objects.filter(done_at=None, released_at=None).values_list("pk", flat=True)
    same("open tasks", set(open_tasks), {task.pk for _, task in m.tasks if task.open})


def check_limits(m: Model) -> None:
    """One running clock of a kind for each case and piece of work: those of the model, due and late as it says."""
    running = list(Clock.objects.filter(stopped_at=None))
    keys = [(clock.case_id, clock.kind, clock.handling_id) for clock in running]
    same("clocks twice", [key for key, n in Counter(keys).items() if n > 1], [])
    for matter in m.matters:
        matter.swept = m.swept
        matter.settle_limits()
    known = {(x.pk, y.kind, y.work.pk if y.work else None): (x, y) for x in m.matters for y in x.limits}
    same("running clocks", set(keys), set(known))
    for key, clock in zip(keys, running, strict=True):
        matter, limit = known[key]
        rests = matter.rests(limit)
        if rests is not None:
            same(f"rest of clock {key}", clock.paused_at is not None, rests)
        if limit.due is not None:
            same(f"due time of clock {key}", clock.due_at, limit.due)
            same(f"breach of clock {key}", clock.breached_at is not None, limit.due < m.swept)


def check_ends(m: Model) -> None:
    """No closing while work is open: what is done with has no open work, task or mediation limit any more."""
    over = {x.pk: x.status for x in m.matters if x.status in ("closed", "archived", "guided", "withdrawn")}
    gone = {pk for pk, status in over.items() if status != "closed"}
    open_work: Iterable[tuple[str, Any]] = (
        ("work", Handling.objects.filter(case__in=over, closed_at=None)),
        ("tasks", Task.objects.filter(case__in=over, done_at=None, released_at=None)),
        ("mediations", Clock.objects.filter(case__in=over, kind__in=MEDIATION_LIMITS, stopped_at=None)),
        (
            "mediations",
            Mediation.objects.filter(case__status__in=["closed", "archived"], status__in=["opened", "running"]),
        ),
        ("clocks", Clock.objects.filter(case__in=gone, stopped_at=None)),
    )
    for what, rows in open_work:
        same(f"{what} of cases that are over", list(rows), [])


def check_talks(m: Model) -> None:
    same("mediations", dict(Mediation.objects.values_list("pk", "status")), {t.pk: t.status for t in m.talks})
    same("sessions", dict(Session.objects.values_list("pk", "status")), {x.pk: x.status for x in m.meetings})
    same("agreements", dict(Agreement.objects.values_list("pk", "status")), {d.pk: d.status for d in m.deals})
    done = Instalment.objects.exclude(performed_on=None).values_list("pk", flat=True)
    same("performed", set(done), {part.pk for _, part in m.parts if part.performed})
    rulings = {ruling.pk: ruling.status for _, ruling in m.rulings}
    same("confirmations", dict(Confirmation.objects.values_list("pk", "status")), rulings)
    booked = set(Booking.objects.values_list("session_id", flat=True))
    same("bookings", booked, {x.pk for x in m.meetings if x.status in ("planned", "held")})


def check_papers(m: Model) -> None:
    rows = Document.objects.values_list("pk", "status", "extended")
    same("documents", sorted(rows), sorted((paper.pk, paper.status, paper.extended) for paper in m.papers))
    slips = Counter(paper.work.pk for paper in m.papers if paper.is_slip and paper.work and paper.status != "void")
    given = Counter(work.pk for _, work in m.works if work.kind == "dispatch" and work.open and not work.anew)
    same("work without its slip", given - slips, Counter())


class Sight:
    """What each person sees by the program's own queries, all people in one statement for each kind of row.

    The statements are made once: in a walk nobody's posts change.
    """

    QUERIES = (("cases", cases_visible_to), ("mediations", mediations_visible_to), ("documents", documents_visible_to))

    def __init__(self, product: Product) -> None:
        self.product = product
        self.statements = {name: self._statement(query) for name, query in self.QUERIES}

    def check(self, m: Model) -> None:
        """Nobody sees what the model says they do not, and everybody what it says they do."""
        seen = {name: self._seen(name) for name in self.statements}
        for who in self.product.users:
            cases = {matter.pk for matter in m.matters if sees_case(who, matter)}
            same(f"cases that {who} sees", seen["cases"][who], cases)
            talks = {talk.pk for talk in m.talks if talk.matter.pk in cases}
            same(f"mediations that {who} sees", seen["mediations"][who], talks)
            papers = {paper.pk for paper in m.papers if lists_paper(who, paper)}
            same(f"documents that {who} sees", seen["documents"][who], papers)

    def _statement(self, query: Callable[[User], QuerySet[Any]]) -> tuple[str, list[Any]]:
        """One statement that asks for everybody."""
        parts, values = [], []
        for who, user in self.product.users.items():
            try:
                text, given = query(user).order_by().values("pk").query.sql_with_params()
            except EmptyResultSet:  # of these rows this person sees none, whatever there is
                continue
            parts.append(f"SELECT %s AS who, q.* FROM ({text}) q")
            values += [who, *given]
        return " UNION ALL ".join(parts), values

    def _seen(self, name: str) -> dict[str, set[int]]:
        with connection.cursor() as cursor:
            cursor.execute(*self.statements[name])
            rows = cursor.fetchall()
        return {who: {pk for one, pk in rows if one == who} for who in self.product.users}
