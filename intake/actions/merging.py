"""Merging a case into another and splitting it off again; linking the same demand brought again."""

from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from intake.actions.outcome import Report, settle_at_window
from intake.actions.register import register_case
from intake.deadlines.actions.clocks import pause_clocks, resume_clocks
from intake.entries import CaseEntry
from intake.lifecycle import OPEN_STATES, Event, State
from intake.models import Case, Merger, Party, PartyRole, RepeatLink
from intake.notifications import notify_dispatchers
from intake.permissions import may_merge
from intake.queries import case_visible_to
from intake.transitions import locked, move, reason_given, touch
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, NotFound, RuleViolation, require


@transaction.atomic
def merge_case(case: Case, *, actor: User, target: str, reason: str, version: int | None = None) -> Case:
    """Merge a case that nobody handles yet into the open case with the code `target`.

    The parties come along to the target, its own history stays with it, its clocks stand still until it is split
    off again. Raises RuleViolation at `target` for a case that cannot take it in.
    """
    case, into = _both(case, _target(actor, target), version)
    require(may_merge(actor, case), "并案由负责中心的窗口或研判分流岗办理。")
    reason = reason_given(reason)
    _check_target(case, into)
    move(case, Event.MERGE, actor=actor, reason=f"并入 {into.code}：{reason}", columns={"merged_into": into})
    pause_clocks(case, reason=f"并入 {into.code}")
    now = timezone.now()
    merger = Merger.objects.create(case=case, target=into, reason=reason, merged_by=actor, merged_at=now)
    came = _bring_parties(case, into, merger)
    touch(into)
    record(actor, Verb.MERGED, case, target=into.pk, merger=merger.pk)
    record(actor, Verb.MERGED_IN, into, case=case.pk, merger=merger.pk, parties=came)
    notify_dispatchers(into, f"case_merged_in_{merger.pk}", f"并入案件 {case.code}")
    return case


@transaction.atomic
def split_case(case: Case, *, actor: User, reason: str, version: int | None = None) -> Case:
    """Undo a merger: the case is where it was, its clocks run on, the parties that came along leave the target.

    Raises InvalidTransition when the target is done with, or when its handling already needs one of those parties.
    """
    if case.merged_into is None:
        raise InvalidTransition("案件没有并入其他案件。")
    case, into = _both(case, case.merged_into, version)
    require(may_merge(actor, case), "撤销并案由负责中心的窗口或研判分流岗办理。")
    reason = reason_given(reason)
    if into.status not in OPEN_STATES:
        raise InvalidTransition(f"所并入的 {into.code} {State(into.status).label}；如需分开办理，请先重办该案。")
    merger = case.mergers.select_for_update(of=("self",)).filter(undone_at__isnull=True).first()
    move(case, Event.SPLIT, actor=actor, reason=reason, columns={"merged_into": None})
    resume_clocks(case)
    if merger is not None:
        merger.undone_by, merger.undone_at, merger.undo_reason = actor, timezone.now(), reason
        merger.save(update_fields=["undone_by", "undone_at", "undo_reason"])
        _take_parties_back(merger)
    touch(into)
    record(actor, Verb.SPLIT, case, target=into.pk)
    record(actor, Verb.SPLIT_OFF, into, case=case.pk)
    return case


@transaction.atomic
def link_repeat(case: Case, *, actor: User, earlier: str, note: str = "", version: int | None = None) -> Case:
    """Mark the case as the same demand brought again; `earlier` is the code of the case before. Both go on.

    Raises RuleViolation at `earlier` for a code that is not in sight, the case itself, or a link that is there.
    """
    case = locked(case, version=version)
    require(may_merge(actor, case), "关联由负责中心的窗口或研判分流岗办理。")
    before = _target(actor, earlier, field="earlier")
    if before.pk == case.pk:
        raise RuleViolation("不能与本案自身关联。", field="earlier")
    link, is_new = RepeatLink.objects.get_or_create(
        case=case, earlier=before, defaults={"note": note.strip(), "linked_by": actor, "linked_at": timezone.now()}
    )
    if not is_new:
        raise RuleViolation(f"已与 {before.code} 关联。", field="earlier")
    case.is_repeat = True
    touch(case, "is_repeat")
    record(actor, Verb.REPEAT_LINKED, case, earlier=before.pk, link=link.pk)
    return case


@transaction.atomic
def unlink_repeat(case: Case, *, actor: User, earlier: str, version: int | None = None) -> Case:
    """Take a mark of repetition off again; the trail keeps that it was there."""
    case = locked(case, version=version)
    require(may_merge(actor, case), "关联由负责中心的窗口或研判分流岗办理。")
    link = case.repeats_of.filter(earlier__code=earlier).first()
    if link is None:
        raise RuleViolation(f"没有与 {earlier} 的关联。", field="earlier")
    record(actor, Verb.REPEAT_UNLINKED, case, earlier=link.earlier_id)
    link.delete()
    case.is_repeat = case.repeats_of.exists()
    touch(case, "is_repeat")
    return case


@transaction.atomic
def register_beside(
    entry: CaseEntry,
    *,
    actor: User,
    earlier: str,
    merge: bool = False,
    report: Report | None = None,
    uid: UUID | None = None,
) -> Case:
    """Register what an earlier case is known of, and merge it in or link it as a repeat, at once; all or nothing.

    With a `report` it is settled on the fast track, which cannot be merged (RuleViolation at `outcome`).
    """
    if merge and report is not None:
        raise RuleViolation("并入此前案件的，不能同时快速处置；请改为“登记”。", field="outcome")
    if report is not None:
        case = settle_at_window(entry, report, actor=actor, uid=uid)
    else:
        case = register_case(entry, actor=actor, uid=uid)
    if merge:
        return merge_case(case, actor=actor, target=earlier, reason="登记时识别为同一事项")
    return link_repeat(case, actor=actor, earlier=earlier, note="登记时识别为重复诉求")


def _target(actor: User, code: str, *, field: str = "target") -> Case:
    try:
        return case_visible_to(actor, code.strip().upper())
    except NotFound as error:
        raise RuleViolation(f"没有找到编号为 {code.strip()[:24]} 的案件。", field=field) from error


def _both(case: Case, other: Case, version: int | None) -> tuple[Case, Case]:
    """Both locked, the older row first, so that two mergers at once wait for each other."""
    if case.pk == other.pk:
        raise RuleViolation("不能并入案件自身。", field="target")
    if case.pk < other.pk:
        return locked(case, version=version), locked(other)
    into = locked(other)
    return locked(case, version=version), into


def _check_target(case: Case, into: Case) -> None:
    if into.status not in OPEN_STATES:
        raise RuleViolation(f"{into.code} {State(into.status).label}，不能再并入；可改为关联重复诉求。", field="target")
    if case.handlings.filter(closed_at__isnull=True).exists():
        raise InvalidTransition("本案已有单位在办，不能并入；可请其退回后再并案，或关联为重复诉求。")
    if case.mergers_into.filter(undone_at__isnull=True).exists():
        raise RuleViolation(f"本案已有并入的案件，请改为把 {into.code} 并入本案。", field="target")


def _bring_parties(case: Case, into: Case, merger: Merger) -> int:
    """The parties of the case as parties of the target; who stands there already stays one person."""
    known = {_same_person(party): party for party in into.parties.all()}
    rows: dict[int, Party] = {}
    at = into.parties.count()
    came = 0
    for party in sorted(case.parties.all(), key=lambda p: (p.role != PartyRole.PRINCIPAL, p.ordinal)):
        twin = known.get(_same_person(party)) if party.paper_hash or party.phone_hash else None
        if twin is None:
            came += 1
            twin = _copied(party, into, merger, at + came, rows)
        rows[party.pk] = twin
    return came


def _same_person(party: Party) -> tuple[str, str, str, bytes, bytes]:
    paper, phone = next(iter(party.hashes_alike), (b"", b""))
    return party.side, party.role, party.name, paper, b"" if paper else phone


def _copied(party: Party, into: Case, merger: Merger, ordinal: int, rows: dict[int, Party]) -> Party:
    """Sealed values are bound to their row, so they are opened and sealed anew."""
    same = ("side", "kind", "role", "name", "name_withheld", "sex", "birth_date", "ethnic", "paper_kind", "initials")
    copy = Party(case=into, merger=merger, ordinal=ordinal, **{name: getattr(party, name) for name in same})
    copy.represents = rows[party.represents_id] if party.represents_id else None
    copy.seal_paper(party.paper_number)
    copy.seal_phone(party.phone)
    copy.seal_address(party.address)
    copy.save()
    return copy


def _take_parties_back(merger: Merger) -> None:
    try:
        merger.parties.all().delete()
    except ProtectedError as error:
        raise InvalidTransition("并入的当事人已进入办理文书，不能撤销并案；请先在办理中移出该当事人。") from error
