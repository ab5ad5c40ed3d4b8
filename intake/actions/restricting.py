"""Restricted cases (限制知悉): seen by the people named for them; everywhere else they count in figures only."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from grids.models import Organisation
from grids.queries import members_of
from grids.roles import Capability
from intake.models import Case, CaseReader, HandlingPart
from intake.permissions import may_restrict
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
    wanted = {person.pk: person for person in (*people, actor, case.created_by, *_heads(case.centre), *at_work)}
    named_readers(case).exclude(user__in=wanted).update(ended_at=timezone.now())
    _name(case, wanted.values(), actor)


def open_to_organisation(case: Case, organisation: Organisation, actor: User | None) -> None:
    """Who works at an organisation that is given a restricted case is named with it; of a centre its heads."""
    if case.is_restricted:
        heads = organisation.is_centre
        _name(case, _heads(organisation) if heads else members_of(organisation, Capability.HANDLE), actor)


def _heads(centre: Organisation | None) -> list[User]:
    """The managers of a centre; where there are none, those who sort there."""
    if centre is None:
        return []
    return list(members_of(centre, Capability.DECIDE_RETURN)) or list(members_of(centre, Capability.SORT))


def _name(case: Case, people: Iterable[User], actor: User | None) -> None:
    known, now = set(named_readers(case).values_list("user_id", flat=True)), timezone.now()
    CaseReader.objects.bulk_create(
        CaseReader(case=case, user=person, named_by=actor, named_at=now) for person in people if person.pk not in known
    )
