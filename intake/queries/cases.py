"""Which cases a person sees, and the lists that the day's work is made of."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import JSONObject

from grids.kept_statements import KeptRows, kept_rows
from grids.models import Level as PlaceLevel
from grids.queries import current_code_of
from grids.scope import once_a_scope, scope_of
from intake.deadlines.models import Clock
from intake.lifecycle import OPEN_STATES, Event, State
from intake.models import (
    Case,
    ExternalReference,
    Handling,
    Party,
    PartyRole,
    TakenOverCase,
)
from intake.models.party import paper_hashes, phone_hashes
from intake.queries.parties import principals_to_show, read_principals
from intake.queries.veiling import veiled
from intake.queries.whole_case import complete, with_what_hangs_on_it
from intake.search.queries import is_restricted
from intake.sight import cases_in_sight, in_sight
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import AuditEvent, record_all
from zhongzhi.core.errors import NotFound
from zhongzhi.rows.arrays import THESE_KEYS, among
from zhongzhi.rows.related import as_prefetched, known_of, read_beside
from zhongzhi.rows.statements import Given, PreparedRows
from zhongzhi.web.paging import NewestFirst

BY_DUE = (F("next_due").asc(nulls_last=True), F("id").asc())
NOT_FOUND = "没有找到这件案件，或者它不在您的查看范围内。"


@once_a_scope
def cases_visible_to(user: User) -> QuerySet[Case]:
    """The cases in a person's sight: the subtree of centre and leader posts, the work of one's organisation,
    what one registered oneself, what was found in one's own grids; drafts are their author's alone."""
    return cases_in_sight(user)


def case_visible_to(user: User, code: str) -> Case:
    """One case by its code, with what a page of it needs; NotFound when it is not in sight or not there."""
    case = _by_code(user, _with_whether_handled).first(code=code)
    if case is not None and case.is_handled:  # type: ignore[attr-defined]
        read_beside([case], "handlings", _WITH_ORGANISATION)
    elif case is not None:
        known_of(case)["handlings"] = as_prefetched(case.handlings.all(), [])
    return _looked_at(user, case)


def whole_case_visible_to(user: User, code: str) -> Case:
    """The same to be shown with all that hangs on it (`whole_case`); never for an act."""
    case = _by_code(user, with_what_hangs_on_it).first(code=code)
    return _looked_at(user, case and complete(user, case))


def case_just_registered(user: User, case: Case) -> Case:
    """The same of a case that the person registered a moment ago, made of what the act has in hand. A complaint and a
    restricted case are read anew: whom they are about, and who is not named, does not see them."""
    if case.is_restricted or any(party.role == PartyRole.ACCUSED for party in case.parties.all()):
        return whole_case_visible_to(user, str(case.code))
    ((case.hanging, case.senders),) = _beside_it().read(case=case.pk)  # type: ignore[attr-defined]
    return _looked_at(user, complete(user, case))


@cache
def _beside_it() -> PreparedRows[tuple[Any, ...]]:
    rows = with_senders(with_what_hangs_on_it(Case.objects.filter(pk=Given("case", BigIntegerField()))))
    return PreparedRows(rows.values_list("hanging", "senders"))  # type: ignore[misc]


def _by_code(user: User, beside: Callable[[QuerySet[Case]], QuerySet[Case]]) -> KeptRows[Case]:
    """The statement for one case of a person's sight, which every act and every answer begins with."""

    def rows() -> QuerySet[Case]:
        found = cases_visible_to(user).filter(code=Given("code", CharField())).exclude(status=State.DRAFT)
        return beside(with_senders(found.select_related(*RELATED, "created_by"))).order_by()

    return kept_rows(scope_of(user), beside, rows)


def _with_whether_handled(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.annotate(is_handled=Exists(Handling.objects.filter(case=OuterRef("pk"))))


def _looked_at(user: User, case: Case | None) -> Case:
    if case is None:
        raise NotFound(NOT_FOUND)
    note_look(user, case)
    return veiled(user, case)


def note_look(user: User, case: Case) -> None:
    """Record that somebody looked at a restricted case: at every look, whatever page or address it was for."""
    note_looks(user, [case])


def note_looks(user: User, cases: Iterable[Case]) -> None:
    """The same for several cases that are shown at once."""
    if seen := [AuditEvent(user, Verb.RESTRICTED_SEEN, case, {}) for case in cases if case.is_restricted]:
        with transaction.atomic():
            record_all(seen)


_OF_CASES = Handling.objects.filter(among("case_id", THESE_KEYS))
_WITH_ORGANISATION = PreparedRows(_OF_CASES.select_related("organisation"))
_HANDLINGS = PreparedRows(_OF_CASES)
RELATED = ("category__parent", "territory", "centre__territory", "holder")


@once_a_scope
def cases_for_list(user: User) -> QuerySet[Case]:
    """Cases in sight for a list."""
    return _in_list(all_for_lists(), user)


def _in_list(cases: QuerySet[Case], user: User) -> QuerySet[Case]:
    return cases.filter(in_sight(user)).exclude(status=State.DRAFT)


def all_for_lists() -> QuerySet[Case]:
    """Cases with what lists show, before sight is asked: related rows joined, applicants and handlings prefetched, next
    due time and what they are called where they came from annotated."""
    return joined_for_lists().prefetch_related(
        Prefetch("parties", principals_to_show(), to_attr="principals"), "handlings"
    )


@cache
def joined_for_lists() -> QuerySet[Case]:
    """The same without what is prefetched, which `read_for_list` reads."""
    return with_senders(with_next_due(Case.objects.select_related(*RELATED)))


def newest_in_sight(
    user: User, name: Hashable, narrowed: Callable[[QuerySet[Case]], QuerySet[Case]]
) -> NewestFirst[Case]:
    """The cases in sight for a list, narrowed by filters that read nothing and hold no moment; `name` tells which. The
    statement of a page is written once for a person's scope."""

    def read(size: int, last: int | None) -> list[Case]:
        def page() -> QuerySet[Case]:
            rows = narrowed(_in_list(joined_for_lists(), user)).order_by("-id")
            return (rows if last is None else rows.filter(pk__lt=Given("last", BigIntegerField())))[:size]

        kept = kept_rows(scope_of(user), (newest_in_sight, name, size, last is None), page, planned_once=False)
        found = kept.read(last=last)
        read_for_list(found)
        return found

    return NewestFirst(read, lambda: narrowed(cases_for_list(user)).count())


def read_for_list(cases: Sequence[Case]) -> None:
    """Read what lists show of cases beside their rows and what is joined to them. Two queries."""
    read_principals(cases)
    read_beside(cases, "handlings", _HANDLINGS)


def with_senders(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Annotate `senders`: system and number under which a case is known elsewhere, in the order they came."""
    known = ExternalReference.objects.filter(case=OuterRef("pk")).order_by("pk")
    return cases.annotate(senders=ArraySubquery(known.values(known=JSONObject(system="system", number="number"))))


def senders_of(case: Case) -> list[dict[str, str]]:
    """System and number under which a case is known elsewhere."""
    if not hasattr(case, "senders"):
        case.senders = list(case.external_references.order_by("pk").values("system", "number"))  # type: ignore[attr-defined]
    found: list[dict[str, str]] = case.senders  # type: ignore[attr-defined]
    return found


def with_next_due(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Annotate `next_due`, the earliest due time of a running clock, and `is_overdue`, whether one has passed.

    Both are looked up case by case, through the index, for the rows that are shown.
    """
    running = Clock.objects.filter(case=OuterRef("pk"), stopped_at=None, paused_at=None)
    passed = Exists(running.filter(breached_at__isnull=False))
    return cases.annotate(next_due=Subquery(running.order_by("due_at").values("due_at")[:1]), is_overdue=passed)


def with_running_limit(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Those with a limit that runs, `next_due` as a column of the limit that is due first: a list by deadline is read
    along the index of running limits, however many cases there are."""
    runs = Q(limit_first__stopped_at=None, limit_first__paused_at=None, limit_first__due_at__isnull=False)
    sooner = Clock.objects.filter(case=OuterRef("pk"), stopped_at=None, paused_at=None).filter(
        Q(due_at__lt=OuterRef("limit_first__due_at"))
        | Q(due_at=OuterRef("limit_first__due_at"), pk__lt=OuterRef("limit_first__pk"))
    )
    cases = cases.alias(limit_first=FilteredRelation("clocks")).filter(runs & ~Exists(sooner))
    return cases.annotate(next_due=F("limit_first__due_at"))


def in_order(cases: QuerySet[Case], order: Sequence[str]) -> QuerySet[Case]:
    """The same order as the pages of a list have, for a stream of all of it."""
    return cases.order_by(*BY_DUE) if "next_due" in order else cases.order_by(*order)


def only_overdue(cases: QuerySet[Case], *, yes: bool = True) -> QuerySet[Case]:
    """Those with a running clock that has passed, or those without."""
    passed = Clock.objects.filter(stopped_at=None, paused_at=None, breached_at__isnull=False).values("case_id")
    return cases.filter(pk__in=passed) if yes else cases.exclude(pk__in=passed)


def open_cases_of(user: User) -> QuerySet[Case]:
    """What one registered oneself or took over and is not done yet, the nearest deadline first."""
    taken = TakenOverCase.objects.filter(user=user, given_on_at=None).values("case_id")
    mine = Q(created_by=user) | among("pk", taken)
    return cases_for_list(user).filter(mine, status__in=OPEN_STATES).order_by(*BY_DUE)


def cases_minded_by(user: User) -> QuerySet[Case]:
    """Open cases that are somebody's own: registered, or taken over, and not given to a colleague since."""
    taken = TakenOverCase.objects.filter(given_on_at=None)
    own = Q(created_by=user) & ~Q(pk__in=taken.filter(former=user).values("case_id"))
    return Case.objects.filter(own | Q(pk__in=taken.filter(user=user).values("case_id")), status__in=OPEN_STATES)


def drafts_of(user: User) -> QuerySet[Case]:
    """One's own drafts, the latest first."""
    rows = Case.objects.filter(status=State.DRAFT, created_by=user).select_related("territory")
    return rows.order_by("-updated_at")


def draft_or_none(user: User, uid: UUID) -> Case | None:
    """One of one's own drafts, where it is there."""
    return drafts_of(user).select_related("territory", "category").filter(uid=uid).first()


def draft_of(user: User, uid: UUID) -> Case:
    """One of one's own drafts; NotFound when it is not there, or a case already."""
    draft = draft_or_none(user, uid)
    if draft is None:
        raise NotFound("没有找到这份草稿，可能已经登记或删除。")
    return draft


def code_of_entry(user: User, uid: UUID) -> str | None:
    """The code of the case that an entry of one's own has become; None while it is a draft, and for others' entries."""
    rows = Case.objects.filter(uid=uid, created_by=user).exclude(status=State.DRAFT)
    code: str | None = rows.values_list("code", flat=True).first()
    return code


def earlier_cases(
    user: User,
    *,
    paper_number: str = "",
    phone: str = "",
    name: str = "",
    territory: str = "",
    exclude: Case | None = None,
    since: date | None = None,
) -> QuerySet[Case]:
    """Earlier cases in sight of the same person: same paper, same phone, or same name at the same place; none of
    somebody whose data are restricted."""
    same = Q(pk__in=[])
    if paper_number:
        same |= Q(paper_hash__in=paper_hashes(paper_number))
    if phone:
        same |= Q(phone_hash__in=phone_hashes(phone))
    if name and territory:
        village = current_code_of(territory)[: PlaceLevel.VILLAGE]
        same |= Q(name=name, case__territory__current_code__startswith=village)
    persons = Party.everyone.filter(same).filter(~is_restricted())
    rows = cases_for_list(user).filter(pk__in=persons.values("case_id"))
    if exclude is not None:
        rows = rows.exclude(pk=exclude.pk)
    if since is not None:
        rows = rows.filter(registered_at__date__gte=since)
    return rows.order_by("-id")


def cases_by_open_state() -> list[tuple[tuple[str, ...], int]]:
    """How many cases of the whole installation stand in each open state, those without any too."""
    rows = Case.objects.filter(status__in=OPEN_STATES).order_by().values("status").annotate(n=Count("id"))
    found = dict(rows.values_list("status", "n"))
    return [((str(state),), found.get(state, 0)) for state in OPEN_STATES]


def last_centre_of(user: User) -> int | None:
    """The centre at which the person registered last; None for who registered nothing."""
    rows = Case.objects.filter(created_by=user, status_changes__event=Event.REGISTER).order_by("-pk")
    return rows.values_list("status_changes__organisation", flat=True).first()
