"""Cases by the numbers that they have where they came from: an outside system knows its own alone."""

from collections.abc import Iterable

from intake.lifecycle import State
from intake.models import Case, ExternalReference
from intake.queries.cases import RELATED, cases_visible_to
from zhongzhi.accounts.models import User
from zhongzhi.accounts.queries import client_behind
from zhongzhi.core.text import number_key


def sender_for(user: User, system: str) -> str:
    """Whose numbers somebody names: an outside system its own, a person those of the system that they name."""
    client = client_behind(user)
    return client.own_sender if client else system.strip()


def case_by_number(user: User, system: str, number: str) -> Case | None:
    """The case in sight that has this number of a sender; None for none."""
    return cases_by_numbers(user, system, [number]).get(number)


def cases_by_numbers(user: User, system: str, numbers: Iterable[str]) -> dict[str, Case]:
    """The cases in sight that have these numbers of a sender, by the numbers as they were given; two queries."""
    given = {number: number_key(number, field="numbers") for number in numbers}
    sender = sender_for(user, system)
    rows = ExternalReference.objects.filter(system=sender, number__in=set(given.values()))
    known = dict(rows.values_list("number", "case_id"))
    seen = cases_visible_to(user).filter(pk__in=known.values()).exclude(status=State.DRAFT).select_related(*RELATED)
    cases = {case.pk: case for case in seen.select_related("merged_into")}
    return {number: cases[known[key]] for number, key in given.items() if known.get(key) in cases}
