"""Whom a step of a case is told to, and how it reads. Messages go out with the transaction that caused them."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from grids.models import Organisation
from grids.queries import leaders_over, members_of
from grids.roles import Capability
from grids.scope import scope_of
from intake.deadlines.queries import work_calendar
from intake.imports.models import ImportBatch
from intake.models import Case, Risk
from intake.sight import readers_among
from zhongzhi.accounts.models import User
from zhongzhi.notices.actions import post


def notify_dispatchers(case: Case, kind: str, what: str, *, by_clock: bool = False) -> None:
    """Tell those who sort at the centre that answers; red risk also to the leaders over the place. What the clock
    tells keeps office hours.

    Of a case on the fast track nothing waits for them, so they are told nothing but red risk.
    """
    assert case.centre is not None
    if case.is_fast_track and case.risk != Risk.RED:
        return
    people = list(members_of(case.centre, Capability.SORT))
    if case.risk == Risk.RED:
        people += leaders_over(case.territory or case.centre.territory)
    notify(people, case, kind, what, not_before=office_opening(case) if by_clock else None)


def notify_handlers(case: Case, organisation: Organisation, kind: str, what: str, *, by_clock: bool = False) -> None:
    """Tell those who handle at an organisation."""
    people = members_of(organisation, Capability.HANDLE)
    notify(people, case, kind, what, not_before=office_opening(case) if by_clock else None)


def office_opening(case: Case) -> datetime | None:
    """Before when a message of the clock is not sent: the next moment of office hours; red risk is not held back."""
    return None if case.risk == Risk.RED else work_calendar().next_office_moment(timezone.now())


def notify(people: Iterable[User], case: Case, kind: str, what: str, *, not_before: datetime | None = None) -> None:
    """One message per person and version of the case, not sent before that moment. It tells the category and not the
    title, which may hold names: notices stay when the case goes on to others."""
    post(
        readers_among(people, case),
        kind,
        title=f"{case.code} {what}",
        body=case.category.name if case.category else "",
        link=f"/cases/{case.code}/",
        key=f"case:{case.pk}:{kind}:{case.version}",
        not_before=not_before,
    )


def notify_managers_of_looks(actor: User, looks: int) -> None:
    """Tell the managers of the centres where somebody serves that they look at many numbers, once an hour."""
    centres = {posting.organisation_id for posting in scope_of(actor).postings if posting.organisation.is_centre}
    managers = {person.pk: person for pk in centres for person in members_of(pk, Capability.DECIDE_RETURN)}
    post(
        [person for person in managers.values() if person.pk != actor.pk],
        "many_looks",
        title=f"{actor.name}一小时内已查看完整号码 {looks} 次",
        body="请了解查看是否因工作需要。",
        key=f"looks:{actor.pk}:{timezone.now():%Y%m%d%H}",
    )


def notify_import(batch: ImportBatch) -> None:
    """Tell those who sort at the centre, once for the whole import, what came in."""
    people = [*members_of(batch.centre, Capability.SORT), batch.created_by]
    kind = batch.get_kind_display()
    left = f"，{batch.bad_rows} 行有误未导入" if batch.bad_rows else ""
    post(
        list({person.pk: person for person in people}.values()),
        "import_done",
        title=f"{kind}已导入：新登记 {batch.new_cases} 件{left}",
        body=batch.file_name,
        link=f"/cases/imports/{batch.uid}/",
        key=f"import:{batch.pk}:done",
    )
