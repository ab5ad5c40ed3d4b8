"""Who may do what with a case. Whether the case is in a state for it is the lifecycle's question."""

from collections.abc import Iterable

from grids.models import Organisation
from grids.queries import members_of
from grids.roles import Capability
from grids.scope import scope_of
from intake.lifecycle import OPEN_STATES, Event, State
from intake.models import (
    Case,
    CloseReason,
    Complexity,
    Guidance,
    Handling,
    HandlingKind,
    Membership,
    Party,
    RoadTaken,
)
from intake.permissions.standing_back import FREE_OF as FREE_OF
from intake.permissions.standing_back import STANDS_BACK as STANDS_BACK
from intake.permissions.standing_back import note_free_of as note_free_of
from intake.permissions.standing_back import stands_back as stands_back
from intake.sight import Ground, Level, sight_of, sight_within
from zhongzhi.accounts.models import User, UserKind
from zhongzhi.accounts.queries import client_behind

OF_SYSTEMS = (
    Ground.REGISTRAR, Ground.ORGANISATION, Ground.LEAD, Ground.CO_HANDLER, Ground.MEDIATOR, Ground.SUPPORT,
    Ground.GUIDED,
)  # fmt: skip
"""On what grounds an outside system may ask for a person's data."""
SORTING_STATES = (State.DRAFT, State.REGISTERED, State.ACCEPTED)


def may_register(actor: User) -> bool:
    """Window, dispatcher and manager of a centre, grid workers, handlers for the ground of theirs, outside systems."""
    return scope_of(actor).may(Capability.REGISTER)


def at_window(actor: User) -> bool:
    """Serves at the window of a centre, or sorts there."""
    return scope_of(actor).may_at_some_centre(Capability.SERVE_AT_WINDOW)


def may_register_at(actor: User, centre: Organisation) -> bool:
    return scope_of(actor).may_at(centre, Capability.REGISTER)


def may_sort(actor: User, case: Case) -> bool:
    """Accept, guide, dispatch, take up, review: the dispatcher or manager of the centre that answers."""
    return scope_of(actor).may_at(case.centre_id, Capability.SORT) and not stands_back(actor, case.pk)


def may_settle_at_window(actor: User, case: Case) -> bool:
    """The fast track: a simple case, by anyone of the window of the centre that answers."""
    here = scope_of(actor).may_at(case.centre_id, Capability.SETTLE_AT_WINDOW)
    return case.complexity == Complexity.SIMPLE and here and not stands_back(actor, case.pk)


def may_accept(actor: User, case: Case) -> bool:
    """Take the case on, or let the centre handle it itself."""
    return may_sort(actor, case) or may_settle_at_window(actor, case)


def may_close(actor: User, case: Case) -> bool:
    """Review and close; the window closes what it settled on the fast track itself, and a simple case its own clerk
    took up."""
    if scope_of(actor).may_at(case.centre_id, Capability.CLOSE):
        return not stands_back(actor, case.pk)
    return may_settle_at_window(actor, case) and (case.is_fast_track or took_up_simple(actor, case))


def took_up_simple(actor: User, case: Case) -> bool:
    """Whether the person took this simple case up for the centre, as the last who did; not what was reopened since."""
    if case.complexity != Complexity.SIMPLE:
        return False
    steps = case.status_changes.filter(event__in=(Event.TAKE_UP, Event.REOPEN)).order_by("-pk")
    return steps.values_list("event", "actor").first() == (Event.TAKE_UP, actor.pk)


def may_report(actor: User, case: Case, handling: Handling) -> bool:
    """Report the outcome: the organisation that handles it; for a simple case that its centre handles, the window."""
    return may_work_on(actor, handling) or (handling.kind == HandlingKind.SELF and may_settle_at_window(actor, case))


def may_work_on(actor: User, handling: Handling) -> bool:
    """Sign for, return, ask for time, report: those who handle at the organisation that was given the case."""
    here = scope_of(actor).may_at(handling.organisation_id, Capability.HANDLE)
    return here and not stands_back(actor, handling.case_id)


def decides_alone(actor: User, organisation: int | None, *capabilities: Capability, case: int | None = None) -> bool:
    """Whether nobody else of an organisation could decide: all others lack the capability, or stand back."""
    others = members_of(organisation, *capabilities).exclude(pk=actor.pk) if organisation is not None else ()
    return all(stands_back(other, case) for other in others)


def needs_another(
    actor: User, author: int | None, organisation: int | None, *capabilities: Capability, case: int | None = None
) -> bool:
    """Four eyes: the person asked for it, reported or signed it themselves, and somebody else of the organisation could
    decide. Who is alone there decides, and the trail says so."""
    return author == actor.pk and not decides_alone(actor, organisation, *capabilities, case=case)


def may_receive_guidance(actor: User, guidance: Guidance) -> bool:
    """Sign for, take over, refuse: those who handle at the organisation to which the case was guided."""
    here = scope_of(actor).may_at(guidance.receiver_id, Capability.HANDLE)
    return here and not stands_back(actor, guidance.case_id)


def may_note_receipt(actor: User, guidance: Guidance) -> bool:
    """Record what a receiver answered on paper: the window of the centre; never for one that works in the system."""
    if guidance.receiver is not None and members_of(guidance.receiver, Capability.HANDLE).exists():
        return False
    return scope_of(actor).may_at(guidance.case.centre_id, Capability.NOTE_SERVICE)


def may_decide_return(actor: User, case: Case) -> bool:
    """A second refusal is decided by the manager of the centre."""
    return scope_of(actor).may_at(case.centre_id, Capability.DECIDE_RETURN) and not stands_back(actor, case.pk)


def may_withdraw(actor: User, case: Case) -> bool:
    """The applicant withdraws at the window, or with the outside system to which they told it."""
    return scope_of(actor).may_at(case.centre_id, Capability.WITHDRAW) or _keeps_entry(actor, case)


def may_merge(actor: User, case: Case) -> bool:
    """Merge, split, link as repeat: the window of the centre that answers, which sees that a matter comes again."""
    return scope_of(actor).may_at(case.centre_id, Capability.MERGE)


def may_follow_up(actor: User, case: Case) -> bool:
    """Ask afterwards how it went: the window of the centre that answered."""
    return scope_of(actor).may_at(case.centre_id, Capability.FOLLOW_UP)


def may_record_road(actor: User, case: Case) -> bool:
    """What became of the road the case was led to: the window of the centre, and the organisation that led it there."""
    if scope_of(actor).may_at(case.centre_id, Capability.RECORD_ROAD_RESULT):
        return True
    waiting = getattr(case, "open_roads", None)  # a list has read them already
    return _led_there(actor, [row for row in case.roads.all() if row.is_open] if waiting is None else waiting)


def may_correct_road(actor: User, case: Case, rows: Iterable[RoadTaken]) -> bool:
    """Correct what was recorded of these roads: who may record it."""
    return scope_of(actor).may_at(case.centre_id, Capability.RECORD_ROAD_RESULT) or _led_there(actor, rows)


def _led_there(actor: User, rows: Iterable[RoadTaken]) -> bool:
    return any(scope_of(actor).may_at(row.led_by_id, Capability.HANDLE) for row in rows)


def may_put_on_open_list(actor: User, case: Case) -> bool:
    """What cannot be solved now is put on the open list by the manager of the centre only."""
    return scope_of(actor).may_at(case.centre_id, Capability.HANG_UP) and not stands_back(actor, case.pk)


def may_write_note(actor: User, case: Case) -> bool:
    """Note what was done: who works on the case, who sorts it, the leader in charge of it."""
    if may_sort(actor, case) or any(may_work_on(actor, h) for h in case.handlings.all() if h.closed_at is None):
        return True
    return case.leaders_in_charge.filter(leader=actor, until__isnull=True).exists()


def may_direct(actor: User, case: Case) -> bool:
    """Direct an organisation on the case: leaders whose territory holds the place."""
    over = case.territory is not None and scope_of(actor).may_over(case.territory, Capability.TAKE_CHARGE)
    return over and not stands_back(actor, case.pk)


def may_restore(actor: User, case: Case) -> bool:
    """What was withdrawn, guided away or archived is taken up again by decision of the manager of the centre."""
    return scope_of(actor).may_at(case.centre_id, Capability.RESTORE)


def centre_to_pull_up_to(actor: User, case: Case) -> Organisation | None:
    """The nearest centre over the one that answers at which the person sorts; None where there is none."""
    if case.centre is None or stands_back(actor, case.pk):
        return None
    code = case.centre.territory.current_code
    own = [p.organisation for p in scope_of(actor).posts_with(Capability.SORT) if p.organisation.is_centre]
    over = [centre for centre in own if _lies_over(centre.territory.current_code, code)]
    return max(over, key=lambda centre: len(centre.territory.current_code), default=None)


def _lies_over(code: str, other: str) -> bool:
    return code != other and other.startswith(code)


def may_urge(actor: User, case: Case) -> bool:
    """Remind the organisation in charge: dispatcher and manager of the centre that answers or of a centre over it;
    nobody reminds the own organisation."""
    scope = scope_of(actor)
    if case.centre is None or scope.may_at(case.holder_id, Capability.HANDLE):
        return False
    code = case.centre.territory.current_code
    sorting = [p.organisation for p in scope.posts_with(Capability.SORT) if p.organisation.is_centre]
    return any(code.startswith(centre.territory.current_code) for centre in sorting)


def may_amend(actor: User, case: Case) -> bool:
    """Complete or correct what was entered: the window of the centre, the organisations that handle it,
    and whoever registered it while it is still being sorted, an outside system until it ends."""
    if scope_of(actor).may_at(case.centre_id, Capability.AMEND):
        return True
    if case.status in OPEN_STATES and _keeps_entry(actor, case):
        return True
    if case.status in SORTING_STATES and _registered_it(actor, case):
        return True
    return any(may_work_on(actor, h) for h in case.handlings.all() if h.closed_at is None)


def may_let_join(actor: User, case: Case) -> bool:
    """Let somebody who comes later join the handling of a case: who keeps its list, and any window that sees it."""
    return may_amend(actor, case) or (at_window(actor) and sight_of(actor, case).level >= Level.MASKED)


def may_attach(actor: User, case: Case) -> bool:
    """Who may amend, and those who handled the case to its end: proofs of what was agreed come later."""
    if may_amend(actor, case):
        return True
    return any(may_work_on(actor, h) for h in case.handlings.all() if h.close_reason == CloseReason.CONCLUDED)


def may_restrict(actor: User, case: Case) -> bool:
    """Restrict who sees a case: who sorts at the centre that answers, and who registered it."""
    return may_sort(actor, case) or _registered_it(actor, case)


def may_see_personal(actor: User, case: Case) -> bool:
    """Names, narrative, records and files of a case in sight, unmasked: who sees it in full. Sealed numbers are always
    shown masked."""
    return sight_within(actor, case).is_full


def _registered_it(actor: User, case: Case) -> bool:
    """Whoever registered it, as long as they serve in a post that registers; an outside system with its scope. The desk
    at which citizens report is the program's own, and adds their photos."""
    if is_system(actor) and client_behind(actor) is not None:
        return _keeps_entry(actor, case)
    return case.created_by_id == actor.pk and may_register(actor)


def _keeps_entry(actor: User, case: Case) -> bool:
    """An outside system goes on with what it registered: what comes in later belongs to the case."""
    return case.created_by_id == actor.pk and scope_of(actor).may(Capability.KEEP_OWN_ENTRIES)


def may_reveal(actor: User, case: Case) -> bool:
    """Open a sealed number, with a reason that is recorded: those who handle the case; of outside systems those that
    registered it, or whose organisation handles it."""
    sight = sight_within(actor, case)
    return sight.is_full or (is_system(actor) and sight.ground in OF_SYSTEMS)


def is_system(actor: User) -> bool:
    """Whether an outside system asks, which is shown a person's data only when it says what for."""
    return actor.kind == UserKind.SERVICE


def may_import_at(actor: User, centre: Organisation) -> bool:
    """Hand in tables of calls and petitions: the window of the centre, and outside systems posted there."""
    return centre.is_centre and scope_of(actor).may_at(centre, Capability.IMPORT)


def may_import(actor: User) -> bool:
    """Whether there is a centre at whose window the person may hand tables in."""
    return at_window(actor)


def may_meet(actor: User) -> bool:
    """Whether there is a centre whose meeting the person holds."""
    return scope_of(actor).may_at_some_centre(Capability.HOLD_COORDINATION_MEETING)


def may_meet_at(actor: User, centre: Organisation) -> bool:
    """Hold the daily coordination meeting: dispatcher and manager of the centre."""
    return centre.is_centre and scope_of(actor).may_at(centre, Capability.HOLD_COORDINATION_MEETING)


def may_issue_receipt(actor: User, case: Case) -> bool:
    """Hand an applicant the receipt with the query code: the window of the centre, and who registered the case."""
    return scope_of(actor).may_at(case.centre_id, Capability.ISSUE_RECEIPT) or case.created_by_id == actor.pk


def may_issue_receipt_to(actor: User, case: Case, party: Party) -> bool:
    """Hand this person theirs: who may hand out those of the case, and the window at which the person joined it."""
    joined = Membership.objects.filter(party=party, joined_by=actor)
    return may_issue_receipt(actor, case) or (at_window(actor) and joined.exists())
