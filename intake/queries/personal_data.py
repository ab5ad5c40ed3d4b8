"""What is kept of one person, and what persons asked about it."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from grids.models import Organisation, RosterPerson
from grids.models.person import roster_hashes
from grids.roles import Capability
from grids.scope import scope_of
from intake.models import DataRequest, Party, Restriction
from intake.models.party import paper_hashes, phone_hashes
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound

SHEET_OPEN_FOR = timedelta(days=30)
"""How long the sheet of a request can be opened: the days within which it has to be answered."""


@dataclass(frozen=True)
class PersonNamed:
    """Who stands at the window: by a normalised number of a paper, or by name and phone together."""

    paper_number: str = ""
    name: str = ""
    phone: str = ""


def parties_of_person(who: PersonNamed) -> QuerySet[Party]:
    """Every row of a party that is this person, whoever may see its case."""
    same = Q(pk__in=[])
    if who.paper_number:
        same |= Q(paper_hash__in=paper_hashes(who.paper_number))
    if who.name and who.phone:
        same |= Q(phone_hash__in=phone_hashes(who.phone), name=who.name)
    return Party.everyone.filter(same)


def roster_person_of(who: PersonNamed) -> RosterPerson | None:
    """The same person in the rosters."""
    rows = RosterPerson.objects.order_by("pk")
    if who.paper_number and (found := rows.filter(paper_hash__in=roster_hashes("paper", who.paper_number)).first()):
        return found
    named = who.name and who.phone
    return rows.filter(phone_hash__in=roster_hashes("phone", who.phone), name=who.name).first() if named else None


def centres_for_data_requests(user: User) -> list[Organisation]:
    """The centres at whose windows this person receives what is asked."""
    posts = scope_of(user).posts_with(Capability.RECEIVE_DATA_REQUESTS)
    return list({p.organisation_id: p.organisation for p in posts if p.organisation.is_centre}.values())


def data_requests_visible_to(user: User) -> QuerySet[DataRequest]:
    """What one received oneself, and what was received at the centres one manages; the latest first."""
    scope = scope_of(user)
    managed = [p.organisation_id for p in scope.posts_with(Capability.DECIDE_DATA_REQUESTS)]
    own = Q(received_by=user) if scope.may(Capability.RECEIVE_DATA_REQUESTS) else Q(pk__in=[])
    rows = DataRequest.objects.filter(own | Q(centre_id__in=managed))
    return rows.select_related("centre", "received_by", "decided_by", "roster_person")


def data_request_visible_to(user: User, uid: UUID) -> DataRequest:
    """One request whose sheet is still open; NotFound when it is not in sight, or received a month ago."""
    since = timezone.now() - SHEET_OPEN_FOR
    row = data_requests_visible_to(user).filter(uid=uid, received_at__gt=since).first()
    if row is None:
        raise NotFound("没有找到这份个人信息请求；受理满 30 天的不再打开，请重新受理。")
    return row


def restrictions_of(request: DataRequest) -> QuerySet[Restriction]:
    """The restrictions that came of a request, the latest first."""
    return request.restrictions.select_related("restricted_by", "lifted_by").order_by("-pk")
