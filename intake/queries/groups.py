"""The group of a case: its members page by page, what they claim together, who represents them."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from intake.models import Case, Membership, Party, PartyRole
from intake.queries.cases import case_visible_to
from intake.queries.parties import shown_name
from intake.search.queries import is_restricted
from intake.sight import Level, sight_within
from zhongzhi.accounts.models import User
from zhongzhi.core import masking
from zhongzhi.core.errors import NotFound, RuleViolation
from zhongzhi.core.text import name_key

FEWEST, MOST = 2, 5
"""Representatives of a group (最高人民法院关于适用民事诉讼法的解释 art. 78)."""
LETTERS = 20


@dataclass(frozen=True)
class GroupFigures:
    """What the list adds up to."""

    people: int
    amount: Decimal
    represented: int
    consented: int
    representatives: int


@dataclass(frozen=True)
class MemberView:
    """A line of the list; numbers masked."""

    uid: str
    name: str
    paper_number: str
    phone: str
    row: Membership
    has_code: bool


def case_of_group(user: User, code: str) -> Case:
    """A case of whose persons the reader sees something; NotFound else."""
    case = case_visible_to(user, code)
    if sight_within(user, case).level < Level.MASKED:
        raise NotFound("没有找到这件案件。")
    return case


def memberships_of(case: Case, name: str = "") -> QuerySet[Membership]:
    """Everybody on the list, in order; those whose name holds what was typed."""
    rows = Membership.objects.filter(party__case=case).select_related("party")
    return rows.filter(party__name__contains=name_key(name)[:LETTERS]) if name.strip() else rows


def side_of_group(case: Case) -> str:
    """The side on which the group stands; empty where there is none."""
    return memberships_of(case).values_list("party__side", flat=True).first() or ""


def figures_of_group(case: Case) -> GroupFigures:
    """How many there are, what they claim, how many stand behind it. One query."""
    found = memberships_of(case).aggregate(
        people=Count("pk"),
        amount=Sum("amount"),
        represented=Count("pk", filter=Q(party__role=PartyRole.MEMBER)),
        consented=Count("pk", filter=~Q(consent="")),
        representatives=Count("pk", filter=Q(represents_since__isnull=False)),
    )
    return GroupFigures(**found | {"amount": found["amount"] or Decimal()})


def representatives_of(case: Case) -> list[Party]:
    """Who acts for the group."""
    rows = memberships_of(case).filter(represents_since__isnull=False)
    return [row.party for row in rows.order_by("party__ordinal", "party_id")]


def just_joined(user: User, case: Case, uids: Collection[str]) -> list[MemberView]:
    """Those of some who joined at this person's window, for their receipts: of the latest thirty."""
    rows = memberships_of(case).filter(joined_by=user).order_by("-pk")[:30]
    return member_views([row for row in rows if str(row.party.uid) in uids], names_in_clear=True)


def member_views(rows: list[Membership], *, names_in_clear: bool) -> list[MemberView]:
    """Lines of a page. Two queries, however many."""
    parties = [row.party_id for row in rows]
    blocked = set(Party.everyone.filter(is_restricted(), pk__in=parties).values_list("pk", flat=True))
    coded = Party.everyone.filter(pk__in=parties, query_codes__voided_at__isnull=True, query_codes__isnull=False)
    with_code = set(coded.values_list("pk", flat=True))
    return [
        MemberView(
            uid=str(row.party.uid),
            name=shown_name(row.party, in_clear=names_in_clear and row.party_id not in blocked),
            paper_number=masking.mask_id_number(row.party.paper_number) if row.party.paper_sealed else "",
            phone=masking.mask_phone(row.party.phone) if row.party.phone_sealed else "",
            row=row,
            has_code=row.party_id in with_code,
        )
        for row in rows
    ]


def why_group_cannot_act(case: Case) -> RuleViolation | None:
    """Why the group of a case cannot consent or sign: members are represented, and by nobody or not by two to five."""
    if "members" in case.lacks:
        return None
    found = figures_of_group(case)
    if not found.represented or FEWEST <= found.representatives <= MOST:
        return None
    now = f"现有 {found.representatives} 名" if found.representatives else "还没有"
    return RuleViolation(
        f"名册上有 {found.represented} 人由代表人代理，代表人须为二至五名（{now}）。"
        "请先在“群体名册”中推选代表人（民事诉讼法第五十六条）。"
    )


def why_members_have_no_sums(case: Case) -> RuleViolation | None:
    """Why nothing can be owed to everybody on the list: there is none, or somebody stands on it without a sum."""
    rows = list(memberships_of(case).order_by("party__ordinal", "pk"))
    if not rows:
        return RuleViolation("本案没有群体名册，请先在案件页的“群体名册”中导入。", field="total")
    without = [row.party.shown_name for row in rows if row.amount is None]
    if not without:
        return None
    return RuleViolation(
        f"名册上有 {len(without)} 人没有金额（{'、'.join(without[:3])}），请先在“群体名册”中补上。", field="total"
    )


def why_members_do_not_settle(case: Case) -> RuleViolation | None:
    """Why representatives cannot bind the members: to settle needs the consent of each who is represented."""
    rows = memberships_of(case).filter(party__role=PartyRole.MEMBER, consent="")
    missing = rows.count()
    if not missing:
        return None
    names = "、".join(rows.order_by(F("party__ordinal")).values_list("party__name", flat=True)[:3])
    return RuleViolation(
        f"还有 {missing} 名成员（{names}{'等' if missing > 3 else ''}）没有特别授权，也没有在附件上签字；"
        "和解须经被代表的当事人同意（民事诉讼法第五十六条），请先在“群体名册”中登记。"
    )
