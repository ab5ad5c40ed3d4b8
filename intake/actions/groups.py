"""The group of a case: listed by table or one by one, represented by two to five, told and asked together."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, ProtectedError
from django.utils import timezone

from intake.actions.member_table import MOST_MEMBERS, MemberRow, paper_kind_of
from intake.deadlines.queries import work_calendar
from intake.lifecycle import OPEN_STATES, State
from intake.models import Case, MemberConsent, Membership, Party, PartyKind, PartyRole, PartySide
from intake.permissions import may_amend
from intake.queries.groups import MOST, memberships_of, representatives_of, side_of_group
from intake.search.queries import is_restricted
from intake.transitions import locked, touch
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core import idnumbers
from zhongzhi.core.errors import BadInput, DomainError, InvalidTransition, RuleViolation, Unfit, require
from zhongzhi.core.pinyin import name_initials
from zhongzhi.core.text import name_key, required_text
from zhongzhi.notices.actions import post_text_message

NOT_YOURS = "群体名册由负责中心的窗口和承办单位维护。"


@dataclass(frozen=True)
class Listed:
    """What a list brought: how many are new on it, and of how many the sum or a number was put to what was known."""

    added: int
    updated: int


@transaction.atomic
def list_members(
    case: Case, rows: Sequence[MemberRow], *, actor: User, side: str, version: int | None = None
) -> Listed:
    """Put the people of a checked list on the list of the case, all of them; who is there already stays one person.

    Applicants of that side who are registered already belong to the group too. Raises RuleViolation at `table` for more
    than 2,000, at `side` for another side than the group's.
    """
    case = _at_work(case, actor, version)
    check_side(case, side)
    enlist_registered(case, side, actor)
    known = known_of(case, side)
    fresh, changed = [], 0
    for row in rows:
        party = known(row)
        if party is None:
            fresh.append(row)
        else:
            changed += _put_to(party, row)
    if memberships_of(case).count() + len(fresh) > MOST_MEMBERS:
        raise RuleViolation(f"名册最多 {MOST_MEMBERS} 人。", field="table")
    write_members(case, fresh, side, actor)
    count_people(case)
    record(actor, Verb.GROUP_LISTED, case, added=len(fresh), updated=changed)
    return Listed(len(fresh), changed)


@transaction.atomic
def name_representatives(
    case: Case, uids: Collection[str], *, actor: User, on: date | None, mandate: str, version: int | None = None
) -> list[Party]:
    """Let these of the list, two to five, act for all others on it: they consent, sign and receive; the others step
    back among the members. A new choice takes the place of the former.

    Raises RuleViolation at `members` for another number, BadInput at `on` and `mandate` without day or document.
    """
    case = _at_work(case, actor, version)
    chosen = _chosen(case, uids)
    if not 2 <= len(chosen) <= MOST:
        raise RuleViolation(f"代表人须为二至五名，勾选了 {len(chosen)} 名（民事诉讼法第五十六条）。", field="members")
    day = _day(on)
    words = required_text(mandate, field="mandate", missing="请填写推选书或授权委托书。", max_length=40)
    keys = [row.pk for row in chosen]
    Membership.objects.filter(pk__in=keys).update(represents_since=day, mandate=words)
    memberships_of(case).exclude(pk__in=keys).update(represents_since=None, mandate="")
    _set_roles(case, keys)
    touch(case)
    record(actor, Verb.REPRESENTATIVES_NAMED, case, parties=[row.party_id for row in chosen])
    return representatives_of(case)


@transaction.atomic
def note_members_consent(
    case: Case, uids: Collection[str] | None, *, actor: User, consent: str, on: date | None
) -> int:
    """Note that members let themselves be bound (特别授权, or their signature on the annex): these, or all who have not
    said so yet; how many."""
    case = _at_work(case, actor, None)
    if consent not in MemberConsent.values:
        raise BadInput("请选择本人同意的方式。", field="consent")
    day = _day(on)
    rows = memberships_of(case).filter(consent="")
    keys = [row.pk for row in (rows if uids is None else _chosen(case, uids)) if not row.consent]
    Membership.objects.filter(pk__in=keys).update(consent=consent, consented_on=day)
    if keys:
        touch(case)
        record(actor, Verb.MEMBERS_CONSENTED, case, count=len(keys), consent=consent, on=day)
    return len(keys)


@transaction.atomic
def remove_members(case: Case, uids: Collection[str], *, actor: User) -> int:
    """Take people off the list again; how many. Raises RuleViolation for representatives and for who stands in an
    agreement or came with a merged case."""
    case = _at_work(case, actor, None)
    rows = _chosen(case, uids)
    if any(row.party.role != PartyRole.MEMBER for row in rows):
        raise RuleViolation(
            "代表人和已登记的当事人不能从名册移出；请先更换代表人，或在“更正登记内容”中办理。", field="members"
        )
    if any(row.party.merger_id for row in rows):
        raise RuleViolation("随并案并入的人不能移出，请办理“撤销并案”。", field="members")
    parties = [row.party_id for row in rows]
    try:
        Membership.objects.filter(party__in=parties).delete()
        Party.everyone.filter(pk__in=parties).delete()
    except ProtectedError as error:
        raise RuleViolation("所选的人已写入协议，不能移出名册；请先修改协议。", field="members") from error
    count_people(case)
    record(actor, Verb.GROUP_LEFT, case, parties=parties)
    return len(parties)


def enlist(party: Party, *, actor: User, amount: Decimal | None = None) -> Membership:
    """Put who comes with a merged case on the list of the group, represented like the others where somebody does."""
    if representatives_of(party.case):
        party.role = PartyRole.MEMBER
        party.save(update_fields=["role"])
    return Membership.objects.create(party=party, amount=amount, joined_at=timezone.now(), joined_by=actor)


def why_no_group(case: Case) -> DomainError | None:
    """Why the list of a case is not kept now; None where it is."""
    if case.status not in OPEN_STATES or case.status == State.SUSPENDED:
        return InvalidTransition(f"案件{State(case.status).label}，不能再改群体名册。")
    return None


def _at_work(case: Case, actor: User, version: int | None) -> Case:
    case = locked(case, version=version)
    require(may_amend(actor, case), NOT_YOURS)
    if why := why_no_group(case):
        raise why
    return case


def check_side(case: Case, side: str) -> None:
    """Let the group of a case stand on one side. Raises BadInput or RuleViolation at `side`."""
    if side not in (PartySide.APPLICANT, PartySide.RESPONDENT):
        raise BadInput("请选择群体是申请人还是被申请人。", field="side")
    there = side_of_group(case)
    if there and there != side:
        raise RuleViolation(f"本案的群体是{PartySide(there).label}一方。", field="side")


def enlist_registered(case: Case, side: str, actor: User) -> None:
    """Put on the list whom it does not name yet: persons registered on that side without a guardian belong to the
    group, in their own name until represented."""
    rows = case.parties.filter(side=side, role=PartyRole.PRINCIPAL, kind=PartyKind.PERSON, membership__isnull=True)
    who = case.created_by or actor
    for party in rows.filter(represented_by__isnull=True, name_withheld=False):
        Membership.objects.create(party=party, joined_at=timezone.now(), joined_by=who)


def known_of(case: Case, side: str) -> Callable[[MemberRow], Party | None]:
    """Who of a list is on the case already: by paper, or by a name that nothing tells apart."""
    parties = list(Party.everyone.filter(case=case, side=side).select_related("membership"))
    papers = {party.paper_number: party for party in parties if party.paper_sealed}
    names: dict[str, list[Party]] = {}
    for party in parties:
        names.setdefault(name_key(party.name), []).append(party)

    def find(row: MemberRow) -> Party | None:
        if row.paper_number in papers:
            return papers[row.paper_number]
        alike = [
            party
            for party in names.get(row.name, [])
            if not (row.paper_number and party.paper_sealed)
            and (not row.phone or row.phone == party.phone or not party.phone)
        ]
        return alike[0] if len(alike) == 1 else None

    return find


def _put_to(party: Party, row: MemberRow) -> bool:
    """Put what the list says more to somebody who is known; whether that was anything."""
    changed = False
    row_ = Membership.objects.filter(party=party).first()
    if row_ is not None and row.amount is not None and row_.amount != row.amount:
        row_.amount, changed = row.amount, True
        row_.save(update_fields=["amount"])
    missing = {"phone": row.phone and not party.phone_sealed, "paper": row.paper_number and not party.paper_sealed}
    if any(missing.values()):
        _fill_numbers(party, row, paper=bool(missing["paper"]), phone=bool(missing["phone"]))
        party.save()
    return changed or any(missing.values())


def _fill_numbers(party: Party, row: MemberRow, *, paper: bool = True, phone: bool = True) -> None:
    if paper and row.paper_number:
        person = idnumbers.resident_id(row.paper_number, today=timezone.localdate())
        party.sex, party.birth_date, party.paper_kind = person.sex, person.birth_date, paper_kind_of(row)
        party.seal_paper(row.paper_number)
    if phone and row.phone:
        party.seal_phone(row.phone)


def write_members(case: Case, rows: Sequence[MemberRow], side: str, actor: User) -> list[Party]:
    """New people of the list, in two statements; represented where somebody represents, else in their own name among
    the members until representatives are named."""
    last = Party.everyone.filter(case=case).aggregate(last=Max("ordinal"))["last"] or 0
    parties = [_member_party(case, row, side, last + at) for at, row in enumerate(rows, 1)]
    Party.everyone.bulk_create(parties)
    now: datetime = timezone.now()
    Membership.objects.bulk_create(
        Membership(party=party, amount=row.amount, joined_at=now, joined_by=actor)
        for party, row in zip(parties, rows, strict=True)
    )
    return parties


def _member_party(case: Case, row: MemberRow, side: str, ordinal: int) -> Party:
    party = Party(case=case, side=side, role=PartyRole.MEMBER, name=row.name, ordinal=ordinal)
    party.initials = name_initials(row.name)
    _fill_numbers(party, row)
    return party


def count_people(case: Case) -> None:
    """Let the case say how many its list names, where it said fewer."""
    people = memberships_of(case).count()
    if people > (case.people_count or 0):
        case.people_count = people
        touch(case, "people_count")
    else:
        touch(case)


def _chosen(case: Case, uids: Collection[str]) -> list[Membership]:
    wanted = {str(uid) for uid in uids if uid}
    rows = list(memberships_of(case).filter(party__uid__in=wanted)) if wanted else []
    if not rows or len(rows) != len(wanted):
        raise RuleViolation("请在名册中勾选。", field="members")
    return rows


def _set_roles(case: Case, keys: Sequence[int]) -> None:
    """Representatives stand among the parties, all others of the list among the members."""
    on_list = Party.everyone.filter(membership__in=memberships_of(case))
    on_list.filter(membership__pk__in=keys).update(role=PartyRole.PRINCIPAL)
    on_list.exclude(membership__pk__in=keys).filter(role=PartyRole.PRINCIPAL).update(role=PartyRole.MEMBER)


def _day(on: date | None) -> date:
    if on is None or on > timezone.localdate():
        raise Unfit("请填写日期，不能晚于今天。", field="on")
    return on


@dataclass(frozen=True)
class Told:
    """How many of a group get a text message, and how many have to be phoned."""

    sent: int
    without: int


@transaction.atomic
def tell_group(case: Case, *, actor: User, text: str, to_all: bool = False) -> Told:
    """Send a text message to the representatives, or to all on the list, in office hours; how many get none because
    they left no mobile, and have to be phoned."""
    case = _at_work(case, actor, None)
    words = required_text(text, field="text", missing="请填写短信内容。", max_length=300)
    rows = memberships_of(case) if to_all else memberships_of(case).filter(represents_since__isnull=False)
    rows = rows.filter(~Exists(Party.everyone.filter(is_restricted(), pk=OuterRef("party"))))
    people = list(rows)
    if not people:
        raise RuleViolation("名册上还没有代表人。" if not to_all else "名册上还没有人。", field="text")
    occasion, opens = uuid4(), work_calendar().next_office_moment(timezone.now())
    head = f"【{case.centre.short_name}】" if case.centre else ""
    sent = [
        post_text_message(row.party.phone, head + words, key=f"group:{occasion}:{row.party_id}", not_before=opens)
        for row in people
        if row.party.phone_sealed
    ].count(True)
    record(actor, Verb.GROUP_TOLD, case, sent=sent, without=len(people) - sent, to_all=to_all)
    return Told(sent, len(people) - sent)
