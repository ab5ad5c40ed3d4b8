"""Merging a case into another and splitting it off again; linking the same demand brought again."""

from decimal import Decimal
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import ProtectedError
from django.db.models.deletion import Collector
from django.utils import timezone

from grids.models import Organisation
from intake.actions.attention import put_in_charge
from intake.actions.complaints import is_complaint, leave_the_accused
from intake.actions.groups import count_people, enlist, enlist_registered
from intake.actions.outcome import Report, settle_at_window
from intake.actions.places import bring_places, take_places_back
from intake.actions.register import register_case
from intake.actions.restricting import open_to_organisation
from intake.actions.triage import RISKS, raise_risk
from intake.deadlines.actions.clocks import take_nearer_limit
from intake.deadlines.models import ClockKind
from intake.entries import CaseEntry
from intake.extension_points import Way
from intake.lifecycle import OPEN_STATES, Event, State
from intake.models import Case, LeaderInCharge, Membership, Merger, Party, PartyKind, PartyRole, RepeatLink
from intake.notifications import announce
from intake.permissions import may_merge
from intake.queries import case_visible_to
from intake.queries.complaints import answered_above
from intake.queries.groups import side_of_group
from intake.queries.related_cases import AT_WORK
from intake.queries.violence import violence_of
from intake.transitions import bars_of, come_to_rest, locked, move, reason_given, require_free, take_up_again, touch
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, NotFound, RuleViolation, require
from zhongzhi.core.text import name_key

COPIED = (
    *("side", "kind", "role", "capacity", "name", "name_withheld", "sex", "birth_date", "ethnic"),
    *("paper_kind", "initials", "works_at_id", "account_id"),
)
"""What of a party comes along as it is; sealed values are sealed anew."""
THEMSELVES = (PartyRole.PRINCIPAL, PartyRole.MEMBER)
OF_THE_CASE = (ClockKind.TRIAGE, ClockKind.FALLBACK, ClockKind.DISPATCH, ClockKind.TIER)


@transaction.atomic
def merge_case(case: Case, *, actor: User, target: str, reason: str, version: int | None = None) -> Case:
    """Merge a case that nobody handles yet into the case at work with the code `target`.

    The parties come along to the target, its own history stays with it, its clocks stand still until it is split
    off again. The higher risk, the leader in charge and the nearer limits win; who handles the target is told. Raises
    RuleViolation at `target` for a case that cannot take it in.
    """
    case, into = _both(case, _target(actor, target), version)
    require(may_merge(actor, case), "并案由负责中心的窗口或研判分流岗办理。")
    reason = reason_given(reason)
    _check_target(case, into)
    led = case.leaders_in_charge.filter(until=None).select_related("leader").first()
    move(case, Event.MERGE, actor=actor, reason=f"并入 {into.code}：{reason}", columns={"merged_into": into})
    now = timezone.now()
    come_to_rest(case, Way.MERGE, actor=actor, reason=f"并入 {into.code}")
    merger = Merger.objects.create(case=case, target=into, reason=reason, merged_by=actor, merged_at=now)
    came = _bring_parties(case, into, merger)
    bring_places(case, into, merger)
    count_people(into)
    record(actor, Verb.MERGED, case, target=into.pk, merger=merger.pk)
    record(actor, Verb.MERGED_IN, into, case=case.pk, merger=merger.pk, parties=came)
    announce(into, "case_merged_in", f"并入案件 {case.code}", actor=actor, key=f"_{merger.pk}")
    _keep_what_matters(case, into, led, actor)
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
        how = "重办" if into.status == State.CLOSED else "恢复"
        raise InvalidTransition(f"所并入的 {into.code} {State(into.status).label}；如需分开办理，请先{how}该案。")
    merger = case.mergers.filter(undone_at__isnull=True).first()
    split_off(case, into, actor=actor, reason=reason)
    if merger is not None:
        _take_parties_back(merger)
        take_places_back(merger)
    touch(into)
    announce(into, "case_split_off", f"{case.code} 已拆出，请核对风险等级和当事人", actor=actor, key=f"_{case.pk}")
    return case


def split_off(case: Case, into: Case, *, actor: User | None, reason: str) -> None:
    """Split a locked case off the locked one that it was merged into: it stands where it stood, and all hear so."""
    move(case, Event.SPLIT, actor=actor, reason=reason, columns={"merged_into": None})
    take_up_again(case, Way.MERGE, actor=actor)
    undone = {"undone_by": actor, "undone_at": timezone.now(), "undo_reason": reason}
    case.mergers.filter(undone_at__isnull=True).update(**undone)
    record(actor, Verb.SPLIT, case, target=into.pk)
    record(actor, Verb.SPLIT_OFF, into, case=case.pk)
    announce(case, "case_split", f"已从 {into.code} 拆出，请继续办理", actor=actor)


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
    centre: Organisation | None = None,
    uid: UUID | None = None,
) -> Case:
    """Register what an earlier case is known of, and merge it in or link it as a repeat, at once; all or nothing.

    With a `report` it is settled on the fast track, which cannot be merged (RuleViolation at `outcome`).
    """
    if merge and report is not None:
        raise RuleViolation("并入此前案件的，不能同时快速处置；请改为“登记”。", field="outcome")
    if report is not None:
        case = settle_at_window(entry, report, actor=actor, centre=centre, uid=uid)
    else:
        case = register_case(entry, actor=actor, centre=centre, uid=uid)
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
    if into.status not in AT_WORK:
        raise RuleViolation(
            f"{into.code} {State(into.status).label}，只能并入正在受理、办理的案件；可改为关联重复诉求。",
            field="target",
        )
    if case.is_restricted and not into.is_restricted:
        raise RuleViolation(
            f"本案限制知悉，{into.code} 没有限制；请先限制该案的知悉范围再并入，或关联为重复诉求。", field="target"
        )
    if violence_of(case) is not None and violence_of(into) is None:
        raise RuleViolation(
            f"本案涉家庭暴力，{into.code} 没有标记，并入后受害人的住址不再保密；请先在该案标记，或关联为重复诉求。",
            field="target",
        )
    if is_complaint(case) and not Case.objects.filter(answered_above(case), pk=into.pk).exists():
        raise RuleViolation(
            f"本案反映干部或单位，{into.code} 由被反映的单位或其所在村镇办理；"
            "请先上提或收回该案再并入，或关联为重复诉求。",
            field="target",
        )
    if case.mergers_into.filter(undone_at__isnull=True).exists():
        raise RuleViolation(f"本案已有并入的案件，请改为把 {into.code} 并入本案。", field="target")
    require_free(case, Way.MERGE)


def _keep_what_matters(case: Case, into: Case, led: LeaderInCharge | None, actor: User) -> None:
    """What of a merged case must not be lost with it: its limits that end earlier, who leads it, its higher risk; who
    handles the other is named for it, where it is restricted."""
    for clock in case.clocks.filter(stopped_at=None, kind__in=OF_THE_CASE).select_related("rule"):
        take_nearer_limit(into, clock)
    if led is not None and not into.leaders_in_charge.filter(until=None).exists():
        put_in_charge(into, led.leader, actor, f"随 {case.code} 并入")
    if RISKS.index(case.risk) < RISKS.index(into.risk):
        raise_risk(into, case.risk, actor=actor, reason=f"并入的 {case.code} 风险等级更高")
    for handling in into.handlings.filter(closed_at__isnull=True).select_related("organisation"):
        open_to_organisation(case, handling.organisation, actor)
    if is_complaint(case):
        leave_the_accused(into)
        into.save(update_fields=["territory", "place_detail"])


def may_be_merged(case: Case) -> bool:
    """Whether nothing on the case stands against merging it into another."""
    return not case.mergers_into.filter(undone_at__isnull=True).exists() and not bars_of(case, Way.MERGE)


def may_be_split(case: Case) -> bool:
    """Whether the case that it was merged into is at work, and needs none of the parties that came along."""
    merger = case.mergers.filter(undone_at__isnull=True).select_related("target").first()
    if merger is None or merger.target.status not in OPEN_STATES:
        return False
    try:
        for rows in (Membership.objects.filter(party__merger=merger), Party.everyone.filter(merger=merger)):
            Collector(using=DEFAULT_DB_ALIAS).collect(rows)
    except ProtectedError:
        return False
    return True


def _bring_parties(case: Case, into: Case, merger: Merger) -> int:
    """The parties of the case as parties of the target; who stands there already stays one person. Where either is the
    case of a group, both are one group, with what each claims."""
    there = list(Party.everyone.filter(case=into))
    rows: dict[int, Party] = {}
    at, group = len(there), side_of_group(into) or side_of_group(case)
    if group:
        enlist_registered(into, group, merger.merged_by)
    came = 0
    coming = Party.everyone.filter(case=case)
    for party in sorted(coming, key=lambda p: (p.role not in THEMSELVES, p.ordinal)):
        twin = next((known for known in there if _is_same_person(known, party)), None)
        if twin is None:
            came += 1
            twin = _copied(party, into, merger, at + came, rows)
            if party.side == group and party.role in THEMSELVES and not party.represented_by.exists():
                enlist(twin, actor=merger.merged_by, amount=_claim_of(party))
        rows[party.pk] = twin
    return came


def _claim_of(party: Party) -> Decimal | None:
    """What a member claims; nothing of whom no list names."""
    member = Membership.objects.filter(party=party).first()
    return member.amount if member is not None else None


def _is_same_person(one: Party, other: Party) -> bool:
    """The same paper on the same side; or the same name, and nothing that both have tells them apart: who left the
    number out the second time is no second person. A firm has many telephones and may have moved: its credit code
    tells it apart, else its name alone. A member of a group is who registered alone."""
    if one.name_withheld or other.name_withheld or (one.side, one.kind) != (other.side, other.kind):
        return False
    if one.role != other.role and not {one.role, other.role} <= set(THEMSELVES):
        return False
    numbers = one.paper_number, other.paper_number
    if all(numbers):
        return numbers[0] == numbers[1]
    if not one.name or name_key(one.name) != name_key(other.name):
        return False
    if one.kind == PartyKind.ORGANISATION:
        return True
    if one.phone and other.phone:
        return one.phone == other.phone
    homes = [name_key(home) for home in (one.address, other.address)]
    return homes[0] in homes[1] or homes[1] in homes[0]  # the village is written before the house or left out


def _copied(party: Party, into: Case, merger: Merger, ordinal: int, rows: dict[int, Party]) -> Party:
    """Sealed values are bound to their row, so they are opened and sealed anew."""
    copy = Party(case=into, merger=merger, ordinal=ordinal, **{name: getattr(party, name) for name in COPIED})
    copy.represents = rows[party.represents_id] if party.represents_id else None
    copy.seal_paper(party.paper_number)
    copy.seal_phone(party.phone)
    copy.seal_address(party.address)
    copy.save()
    return copy


def _take_parties_back(merger: Merger) -> None:
    try:
        Membership.objects.filter(party__merger=merger).delete()
        Party.everyone.filter(merger=merger).delete()
    except ProtectedError as error:
        raise InvalidTransition("并入的当事人已进入办理文书，不能撤销并案；请先在办理中移出该当事人。") from error
