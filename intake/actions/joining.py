"""Joining the handling of a case: who comes later to the same matter stands on its list, with their own receipt."""

from dataclasses import replace

from django.db import transaction

from intake.actions.groups import check_side, count_people, enlist_registered, known_of, why_no_group, write_members
from intake.actions.member_table import MOST_MEMBERS, MemberRow, checked_member
from intake.entries import CaseEntry, PartyEntry
from intake.models import Case, Party, PartyKind, PartyRole, PartySide
from intake.permissions import may_let_join
from intake.queries import case_visible_to
from intake.queries.groups import memberships_of, side_of_group
from intake.transitions import locked
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import RuleViolation, require

NO_WINDOW = "由受理窗口办理加入。"
ALONE = "只有本人到场的自然人可以直接加入名册；单位、未成年人、不愿透露姓名的和由他人代理的，请登记后并案。"


@transaction.atomic
def join_group(case: Case, row: MemberRow, *, actor: User, side: str = PartySide.APPLICANT) -> Party:
    """Let one person more join the handling of the case: on the list, with a receipt of their own like an applicant.

    Any window may that sees the case, for people come where they are. Raises RuleViolation for who is on the list or a
    party already.
    """
    row = checked_member(row)
    case = locked(case)
    require(may_let_join(actor, case), NO_WINDOW)
    if why := why_no_group(case):
        raise why
    side = side_of_group(case) or side
    check_side(case, side)
    enlist_registered(case, side, actor)
    there = known_of(case, side)(row)
    if there is not None:
        raise RuleViolation(f"{there.shown_name}已在本案名册中，可直接打印受理告知。", field="name")
    if memberships_of(case).count() >= MOST_MEMBERS:
        raise RuleViolation(f"名册最多 {MOST_MEMBERS} 人。", field="name")
    party = write_members(case, [row], side, actor)[0]
    count_people(case)
    record(actor, Verb.GROUP_JOINED, case, party=party.pk)
    return party


@transaction.atomic
def join_by_entry(entry: CaseEntry, *, actor: User, code: str) -> tuple[Case, list[Party]]:
    """Let the applicants of an entry, as typed at the window, join the case of that code instead of a case of their
    own; all or nothing. Who is typed of the other side is there already.

    Raises RuleViolation at `parties.N.…` of who cannot join so, NotFound for a case out of sight.
    """
    case = case_visible_to(actor, code)
    came: list[Party] = []
    for at, party in enumerate(entry.parties):
        if party.side != PartySide.APPLICANT:
            continue
        try:
            row = _row_of(party)
            claims = entry.amount if not came else None
            came.append(join_group(case, replace(row, amount=claims), actor=actor))
        except RuleViolation as error:
            name = next(iter(error.errors), "name")
            raise RuleViolation(error.message, field=f"parties.{at}.{name}") from error
    if not came:
        raise RuleViolation("请填写来人的姓名。", field="parties.0.name")
    return case, came


def _row_of(party: PartyEntry) -> MemberRow:
    """A person for themselves, as the list has them."""
    alone = (party.kind, party.role, party.name_withheld) == (PartyKind.PERSON, PartyRole.PRINCIPAL, False)
    if not alone:
        raise RuleViolation(ALONE, field="name")
    return MemberRow(party.name, party.paper_number, party.phone)
