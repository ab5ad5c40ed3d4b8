"""The sheet: what is kept of a person, as far as the reader sees it."""

from dataclasses import dataclass
from datetime import date

from grids.models import Service
from grids.queries import services_visible_to
from intake.models import Case, DataRequest, PaperKind, Party
from intake.permissions.data_requests import may_decide_data_request
from intake.queries import cases_visible_to
from zhongzhi.accounts.models import User

NOT_REGISTERED = "未登记"


@dataclass(frozen=True)
class CaseLine:
    """What one case keeps of the person. The title is left out: it may name others."""

    case: Case
    party: Party
    what: tuple[tuple[str, str], ...]
    used_by: tuple[str, ...]


@dataclass(frozen=True)
class RosterLine:
    """One service of the person in the rosters."""

    kind: str
    place: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Sheet:
    """The whole sheet. `elsewhere` counts cases out of the reader's sight; None for who may not know of them."""

    request: DataRequest
    cases: list[CaseLine]
    roster: list[RosterLine]
    roster_facts: tuple[tuple[str, str], ...]
    elsewhere: int | None
    is_restricted: bool

    @property
    def is_empty(self) -> bool:
        """Whether the reader sees nothing that is kept."""
        return not self.cases and not self.roster


def sheet_of(request: DataRequest, user: User) -> Sheet:
    """What is kept of the person who asked. A fixed number of queries.

    That there are cases which the reader may not see, only the manager of the centre is told.
    """
    rows = Party.everyone.filter(pk__in=request.party_ids)
    seen = rows.filter(case__in=cases_visible_to(user)).select_related("case__category", "case__centre")
    lines = [_case_line(p) for p in seen.prefetch_related("case__handlings__organisation").order_by("case_id", "pk")]
    hidden = None
    if may_decide_data_request(user, request):
        hidden = len(set(rows.values_list("case_id", flat=True)) - {line.case.pk for line in lines})
    services = _services(request, user)
    facts = _roster_facts(request) if services else ()
    restricted = rows.filter(restrictions__restriction__lifted_at__isnull=True, restrictions__isnull=False).exists()
    return Sheet(request, lines, services, facts, hidden, restricted)


def _case_line(party: Party) -> CaseLine:
    case = party.case
    organisations = {h.organisation_id: h.organisation.name for h in case.handlings.all()}
    return CaseLine(case, party, _facts_of(party), tuple(organisations.values()))


def _facts_of(party: Party) -> tuple[tuple[str, str], ...]:
    paper = PaperKind(party.paper_kind).label if party.paper_kind else "证件号码"
    facts = (
        ("姓名", party.shown_name),
        (paper, party.paper_number),
        ("联系电话", party.phone),
        ("住址", party.address),
        ("性别", party.get_sex_display()),
        ("出生日期", party.birth_date.isoformat() if party.birth_date else ""),
    )
    return tuple((label, value or NOT_REGISTERED) for label, value in facts)


def _services(request: DataRequest, user: User) -> list[RosterLine]:
    if request.roster_person_id is None:
        return []
    rows = services_visible_to(user).filter(person=request.roster_person_id).order_by("starts_on")
    return [RosterLine(row.get_kind_display(), _place(row), row.starts_on, row.ends_on) for row in rows]


def _place(service: Service) -> str:
    place = service.territory.full_name if service.territory else ""
    return place or (str(service.beat) if service.beat else "")


def _roster_facts(request: DataRequest) -> tuple[tuple[str, str], ...]:
    person = request.roster_person
    if person is None:
        return ()
    facts = (
        ("姓名", person.name),
        ("居民身份证", person.paper_number),
        ("联系电话", person.phone),
        ("公示电话", person.public_phone),
    )
    return tuple((label, value or NOT_REGISTERED) for label, value in facts)
