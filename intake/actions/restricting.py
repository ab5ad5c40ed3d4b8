"""Restricted cases (限制知悉): seen by the people named for them; everywhere else they count in figures only."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from grids.models import Organisation
from grids.queries import members_of, members_with
from grids.roles import Capability
from intake.models import Case, CaseReader, CaseRecusal, HandlingPart
from intake.permissions import may_restrict
from intake.queries.parties import is_party
from intake.sight import named_readers
from intake.transitions import locked, reason_given, touch
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import require


@transaction.atomic
def restrict_case(
    case: Case, *, actor: User, reason: str, people: Sequence[User] = (), version: int | None = None
) -> Case:
    """Restrict a case, or name its readers anew: those chosen, whoever registered it and decides this, the heads of
    the centre that answers, and who works on it at the organisation in charge. Who is not named loses sight of it."""
    case = locked(case, version=version)
    require(may_restrict(actor, case), "由负责中心的负责人、研判分流员或登记人限制知悉。")
    reason = reason_given(reason)
    begin_restriction(case, actor, people)
    touch(case, "is_restricted")
    record(actor, Verb.RESTRICTED, case, readers=named_readers(case).count(), reason=reason[:200])
    return case


def begin_restriction(case: Case, actor: User, people: Iterable[User] = ()) -> None:
    """Mark a locked or new case, and name who sees it from now on."""
    case.is_restricted = True
    lead = case.handlings.filter(part=HandlingPart.LEAD, closed_at__isnull=True).first()
    at_work = members_of(lead.organisation_id, Capability.HANDLE) if lead else []
    sorting = _heads(case.centre) if case.pk is None else _heads_of(case)
    wanted = {person.pk: person for person in (*people, actor, case.created_by, *sorting, *at_work)}
    named_readers(case).exclude(user__in=wanted).update(ended_at=timezone.now())
    _name(case, wanted.values(), actor)


def open_to_organisation(case: Case, organisation: Organisation, actor: User | None) -> None:
    """Who works at an organisation that is given a restricted case is named with it; of a centre its heads."""
    if case.is_restricted:
        heads = organisation.is_centre
        _name(case, _heads(organisation) if heads else members_of(organisation, Capability.HANDLE), actor)


def who_sorts(case: Case) -> QuerySet[User]:
    """Those at the centre that answers who sort and do not stand back."""
    back = CaseRecusal.objects.filter(case=case)
    return members_of(case.centre_id or 0, Capability.SORT).exclude(pk__in=back.values("user"))


def another_sorts(case: Case, user: User) -> bool:
    """Whether somebody else does."""
    people = [person.pk for person in members_with(case.centre_id or 0, Capability.SORT) if person.pk != user.pk]
    return bool(people) and not {row.user_id for row in case.standing_back.all()}.issuperset(people)


def name_who_sorts(case: Case, actor: User) -> None:
    """A restricted case is always seen by somebody who can sort it: where those named stand back, the others are."""
    people = who_sorts(case)
    if case.is_restricted and not people.filter(pk__in=named_readers(case).values("user")).exists():
        _name(case, people, actor)


def _heads_of(case: Case) -> list[User]:
    """The managers of the centre that answers, or where they stand back, those who sort there."""
    able = who_sorts(case)
    return list(able.filter(pk__in=[person.pk for person in _heads(case.centre)])) or list(able)


def _heads(centre: Organisation | None) -> list[User]:
    """The managers of a centre; where there are none, those who sort there."""
    if centre is None:
        return []
    return list(members_of(centre, Capability.DECIDE_RETURN)) or list(members_of(centre, Capability.SORT))


def _name(case: Case, people: Iterable[User], actor: User | None) -> None:
    """Nobody is named for a case to which they are a party."""
    known, now = set(named_readers(case).values_list("user_id", flat=True)), timezone.now()
    people = [person for person in people if case.pk is None or not is_party(person.name, person.phone, case)]
    CaseReader.objects.bulk_create(
        CaseReader(case=case, user=person, named_by=actor, named_at=now) for person in people if person.pk not in known
    )
