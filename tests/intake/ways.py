"""Ways to bring a case into a state, by the acts a person would use."""

from collections.abc import Callable

from grids.models import Organisation
from intake import actions
from intake.actions import Heard, Report
from intake.deadlines.models import Clock
from intake.entries import PartyEntry
from intake.lifecycle import State
from intake.models import Case, Party
from tests.people import Ground, an_entry

REPORT = Report("peoples_mediation", "双方重新丈量，各自归还，握手言和。")


def registered(ground: Ground, **changes: object) -> Case:
    return actions.register_case(an_entry(**changes), actor=ground.clerk)


def accepted(ground: Ground, **changes: object) -> Case:
    return actions.accept_case(registered(ground, **changes), actor=ground.dispatcher)


def dispatched(ground: Ground, organisation: Organisation | None = None, **changes: object) -> Case:
    target = organisation or ground.justice_bureau
    return actions.dispatch_case(
        accepted(ground, **changes), actor=ground.dispatcher, organisation=target, instruction="请实地丈量"
    )


def handling(ground: Ground, **changes: object) -> Case:
    return actions.sign_for_case(dispatched(ground, None, **changes), actor=ground.handler)


def concluded(ground: Ground, **changes: object) -> Case:
    return actions.report_outcome(handling(ground, **changes), REPORT, actor=ground.handler)


def closed(ground: Ground, **changes: object) -> Case:
    return actions.close_case(concluded(ground, **changes), actor=ground.dispatcher)


HEARD = Heard("phone", True, "done", 5, note="双方都满意")


def followed_up(ground: Ground, **changes: object) -> Case:
    case = closed(ground, **changes)
    actions.record_follow_up(case, HEARD, actor=ground.clerk)
    case.refresh_from_db()
    return case


def merged(ground: Ground) -> tuple[Case, Case]:
    """A case, and the one it was merged into."""
    target = registered(ground)
    case = registered(ground, parties=(PartyEntry(name="徐某", phone="13847500009"),))
    return actions.merge_case(case, actor=ground.clerk, target=str(target.code), reason="同一块地"), target


def in_state(ground: Ground, state: State) -> Case:
    """A case in any state, reached by acts only."""
    sorter = ground.dispatcher
    if state == State.DRAFT:
        return actions.save_draft(an_entry(), actor=ground.clerk)
    if state == State.MERGED:
        return merged(ground)[0]
    ways: dict[State, Callable[[Ground], Case]] = {
        State.REGISTERED: registered,
        State.ACCEPTED: accepted,
        State.DISPATCHED: dispatched,
        State.HANDLING: handling,
        State.CONCLUDED: concluded,
        State.CLOSED: closed,
        State.ARCHIVED: lambda g: actions.archive_case(followed_up(g), actor=sorter),
        State.SUSPENDED: lambda g: actions.suspend_case(handling(g), actor=sorter, reason="等待鉴定"),
        State.GUIDED: lambda g: actions.guide_case(
            registered(g), actor=sorter, receiver=g.labour_bureau, note="属劳动监察"
        ),
        State.WITHDRAWN: lambda g: actions.withdraw_case(registered(g), actor=sorter, reason="已自行和解"),
    }
    return ways[state](ground)


def copies(case: Case, number: int, *, after: int = 0) -> list[Case]:
    """Many rows like this one, each with an applicant and a running clock: for lists, not for acts."""
    columns = [f.attname for f in Case._meta.concrete_fields if f.attname not in ("id", "uid", "code")]
    clock = case.clocks.get(stopped_at=None)
    rows = [Case(**{name: getattr(case, name) for name in columns}) for _ in range(number)]
    for serial, row in enumerate(rows, start=10000 + after):
        row.code = f"{str(case.code)[:16]}{serial:05}X"
    Case.objects.bulk_create(rows)
    Party.objects.bulk_create(Party(case=row, name=f"当事人{row.pk}") for row in rows)
    same = {name: getattr(clock, name) for name in ("organisation", "kind", "rule", "amount", "unit", "started_at")}
    Clock.objects.bulk_create(Clock(case=row, due_at=clock.due_at, **same) for row in rows)
    return rows
