"""Registering: from what was typed at the window to a case with a code."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from grids.models import Organisation, Territory
from grids.queries import centre_of, centres_served_by, county_of
from grids.roles import Capability
from grids.scope import scope_of
from intake.actions.client_entry import as_entitled
from intake.actions.complaints import leave_the_accused, raise_above_the_accused
from intake.actions.corrections import facts_of_correction, keep_correction, registered_values
from intake.actions.entry import AMENDABLE, CheckedEntry, check_entry, link_external, write_entry
from intake.actions.parties import write_parties
from intake.actions.places import write_places
from intake.actions.restricting import begin_restriction
from intake.actions.tiers import follow_risk, tier_of
from intake.deadlines.actions.clocks import first_clock
from intake.entries import CaseEntry
from intake.extension_points import follow_registration
from intake.lifecycle import INACTIVE_STATES, State
from intake.models import Case, EntryAutosave, Party, PartyRole
from intake.notifications import announce, tell_places, tell_sorters
from intake.numbering import next_case_code
from intake.permissions import may_amend, may_register, may_register_at
from intake.queries.doubles import SHOWN, open_doubles
from intake.queries.parties import read_parties
from intake.transitions import enter, hold_entry, locked, touch
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record, record_first
from zhongzhi.core.errors import InvalidTransition, PermissionDenied, RuleViolation, require

KEPT = ("channel", "is_restricted")
"""What an amendment leaves as it is."""


class AlreadyRegistered(InvalidTransition):
    """The entry is a case already; `context["case"]` is its code."""

    code = "already_registered"
    told = ("case",)


@transaction.atomic
def register_case(
    entry: CaseEntry,
    *,
    actor: User,
    centre: Organisation | None = None,
    uid: UUID | None = None,
    fast_track: bool = False,
) -> Case:
    """Take a dispute in at a centre: it gets its code, and the triage limit starts.

    `centre` is where it came in; by default the actor's own centre, or for those who serve at none the centre of the
    place. Who serves at two has to name it (RuleViolation at `centre`). `uid` is the entry's own number, given when
    the form was opened: a draft saved under it becomes the case, a second press makes no second case. On the
    `fast_track` who registers settles it, too. Raises RuleViolation with the faults by field, PermissionDenied for a
    person who does not register, AlreadyRegistered for an entry that is a case already.
    """
    require(may_register(actor), "您的岗位不能登记案件。")
    case = _draft_or_new(uid, actor)
    checked = check_entry(as_entitled(entry, actor))
    _write(case, checked, actor, centre)
    raise_above_the_accused(case, [p.works_at for p in checked.parties if p.works_at is not None])
    case.is_fast_track = fast_track
    is_new = case._state.adding
    parties = _write_beside(case, checked, actor)
    if uid is not None:
        EntryAutosave.objects.filter(user=actor, uid=uid).delete()
    read_parties([case])
    assert case.centre is not None
    # The county's counter is held from here to the end of the transaction: everything that can be done before, is.
    case.code = next_case_code(county_of(case.centre), timezone.localdate(case.registered_at))
    case.save(force_insert=is_new)
    begin = record_first if is_new else record  # a draft has lines in the trail already
    begin(actor, Verb.REGISTERED, case, code=case.code, channel=case.channel, parties=len(parties))
    _tell_whom_it_concerns(case, checked, parties)
    follow_risk(case, actor=actor)
    return follow_registration(case)


@transaction.atomic
def save_draft(entry: CaseEntry, *, actor: User, uid: UUID | None = None) -> Case:
    """Keep what was typed so far. Numbers that are typed must be right; nothing else is compulsory."""
    require(may_register(actor), "您的岗位不能登记案件。")
    case = _draft_or_new(uid, actor)
    checked = check_entry(entry, draft=True)
    write_entry(case, checked)
    case.complexity, case.risk = checked.entry.complexity, checked.entry.risk
    if case.pk:
        case.version += 1
    case.save()
    write_places(case, checked.other_places, at=None)
    link_external(case, checked.entry, actor=actor)
    write_parties(case, checked.parties)
    record(actor, Verb.DRAFT_SAVED, case)
    EntryAutosave.objects.filter(user=actor, uid=case.uid).delete()
    return case


@transaction.atomic
def discard_draft(draft: Case, *, actor: User) -> None:
    """Throw a draft away; only its author may."""
    case = locked(draft)
    if case.created_by_id != actor.pk:
        raise PermissionDenied("只有录入人可以删除草稿。")
    if case.status != State.DRAFT:
        raise InvalidTransition("已登记的案件不能删除；可由窗口办理撤回。")
    record(actor, Verb.DRAFT_DISCARDED, case)
    _throw_away(case)


def discard_old_draft(case: Case) -> None:
    """Throw away a locked draft that nobody went on with for as long as drafts are kept."""
    if case.status != State.DRAFT:
        raise InvalidTransition("已登记的案件不能删除。")
    record(None, Verb.DRAFT_DISCARDED, case, why="retention")
    _throw_away(case)


def _throw_away(case: Case) -> None:
    EntryAutosave.objects.filter(user=case.created_by, uid=case.uid).delete()
    case.external_references.all().delete()
    case.places_concerned.all().delete()
    case.parties.all().delete()
    case.delete()


@transaction.atomic
def amend_case(case: Case, entry: CaseEntry, *, actor: User, version: int | None = None, reason: str = "") -> Case:
    """Complete or correct what was entered, parties included. Grade and channel stay; they have acts of their own.

    A wrong person, number or place is corrected at any time, after the archive too; what it was before stays in the
    story with the reason. Papers that were issued keep their words. Raises VersionConflict when somebody changed the
    case since `version`, BadInput at `reason` where one is needed, InvalidTransition for a merged case.
    """
    case = locked(case, version=version)
    require(may_amend(actor, case), "只有登记人、负责中心窗口和承办单位可以修改。")
    if case.status == State.MERGED:
        raise InvalidTransition("案件已并入其他案件，请在并入的案件中更正。")
    is_over = case.status in INACTIVE_STATES
    before = registered_values(case)
    checked = check_entry(entry, known=case)
    kept = {name: getattr(case, name) for name in KEPT}
    write_entry(case, checked)
    for name, value in kept.items():
        setattr(case, name, value)
    link_external(case, checked.entry, actor=actor)
    told = write_places(case, checked.other_places, at=timezone.now())
    write_parties(case, checked.parties)
    if not is_over:
        leave_the_accused(case)
    touch(case, *AMENDABLE)
    made = keep_correction(case, before, actor=actor, reason=reason, reason_always=is_over)
    record(actor, Verb.AMENDED, case, parties=len(checked.parties), **facts_of_correction(made))
    announce(case, "case_amended", "案件内容已补正，请核对", actor=actor)
    tell_places(case, told)
    return case


def _draft_or_new(uid: UUID | None, actor: User) -> Case:
    """The draft saved under this number, locked, or a new case that will carry it."""
    if uid is None:
        return Case(created_by=actor)
    hold_entry(uid)
    found = Case.objects.filter(uid=uid).first()
    if found is None:
        return Case(created_by=actor, uid=uid)
    require(found.created_by_id == actor.pk, "只有录入人可以使用这份草稿。")
    case = locked(found)
    if case.status != State.DRAFT:
        raise AlreadyRegistered(f"这份登记已提交，编号 {case.code}。", case=case.code)
    return case


def _write(case: Case, checked: CheckedEntry, actor: User, centre: Organisation | None) -> None:
    write_entry(case, checked)
    case.complexity, case.risk = checked.entry.complexity, checked.entry.risk
    case.centre = _receiving_centre(case, actor, centre)
    case.holder = case.centre
    case.tier = tier_of(case.centre)
    case.registered_at = timezone.now()


def _write_beside(case: Case, checked: CheckedEntry, actor: User) -> list[Party]:
    """What stands in rows of its own: the first step, the parties and the limit for sorting, the number elsewhere, the
    other places, and who may know of it; the parties."""
    assert case.centre is not None and case.registered_at is not None
    step = enter(case, actor=actor)
    first = first_clock(case, organisation=case.centre, at=case.registered_at)
    parties = write_parties(case, checked.parties, [step], first)
    case.running = first  # type: ignore[attr-defined]
    link_external(case, checked.entry, actor=actor)
    write_places(case, checked.other_places, at=case.registered_at)
    if case.is_restricted:
        begin_restriction(case, actor)
    return parties


def _tell_whom_it_concerns(case: Case, checked: CheckedEntry, parties: Sequence[Party]) -> None:
    """Who sorts, here and where the same came today, and the centres of the other places."""
    tell_sorters([(case, "case_registered", "新登记，待研判"), *_for_the_other_window(case, parties)])
    tell_places(case, checked.other_places)


def _for_the_other_window(case: Case, parties: Sequence[Party]) -> list[tuple[Case, str, str]]:
    """What the centres are told that registered the same person or matter today: that it came here as well.

    The county's counter is held, so of two windows in the same minute the later sees what the earlier wrote.
    """
    if case.is_restricted or any(party.role == PartyRole.ACCUSED for party in parties):
        return []
    words = f"同一当事人或同一事项今天又在{case.centre}登记，请核对"
    found = open_doubles(case, most=SHOWN, today_only=True)
    return [(other, f"case_double_{case.pk}", words) for other in found]


def _receiving_centre(case: Case, actor: User, centre: Organisation | None) -> Organisation:
    """The centre whose window takes the case: the one named, the actor's own, or that of the place."""
    if centre is not None:
        if not centre.is_centre:
            raise RuleViolation(f"“{centre}”不是综治中心。", field="centre")
        allowed = may_register_at(actor, centre) or scope_of(actor).covers(centre.territory)
        require(allowed, f"您不在{centre}任职，不能在那里登记。")
        return centre
    own = [centre for centre in centres_served_by(actor) if may_register_at(actor, centre)]
    if own and not scope_of(actor).may(Capability.REGISTER_BY_PLACE):
        if len(own) > 1:
            names = "、".join(centre.short_name for centre in own)
            raise RuleViolation(f"您在{names}任职，请选择在哪个中心登记。", field="centre")
        return own[0]
    assert case.territory is not None
    _require_own_ground(case.territory, actor)
    return centre_of(case.territory)


def _require_own_ground(place: Territory, actor: User) -> None:
    """Who serves at no centre registers what happened on the ground of the own organisation: a police station for its
    beat, a department of the hall for the whole county. Outside systems register for any place."""
    scope = scope_of(actor)
    if scope.may(Capability.REGISTER_BY_PLACE):
        return
    grounds = [p.organisation.territory.current_code for p in scope.posts_with(Capability.REGISTER)]
    if not any(place.current_code.startswith(code) for code in grounds):
        raise RuleViolation("您只能登记本单位辖区内的事项；其他地方的请当事人到综治中心窗口登记。", field="territory")
