"""Whom a step of a case is told to, and how it reads. Messages go out with the transaction that caused them."""

from collections.abc import Iterable

from grids.models import Organisation, Role
from grids.queries import leaders_over, members_of
from intake.models import Case, Risk
from zhongzhi.accounts.models import User
from zhongzhi.notices.actions import post


def tell_sorters(case: Case, kind: str, what: str) -> None:
    """Tell those who sort at the centre that answers; red risk also to the leaders over the place."""
    assert case.centre is not None
    people = list(members_of(case.centre, Role.DISPATCHER, Role.MANAGER))
    if case.risk == Risk.RED:
        people += leaders_over(case.centre.territory)
    tell(people, case, kind, what)


def tell_handlers(case: Case, organisation: Organisation, kind: str, what: str) -> None:
    """Tell those who handle at an organisation."""
    tell(members_of(organisation, Role.HANDLER, Role.DISPATCHER, Role.MANAGER), case, kind, what)


def tell(people: Iterable[User], case: Case, kind: str, what: str) -> None:
    """One message per person and version of the case."""
    post(
        list({person.pk: person for person in people}.values()),
        kind,
        title=f"{case.code} {what}",
        body=case.title,
        link=f"/cases/{case.code}/",
        key=f"case:{case.pk}:{kind}:{case.version}",
    )
