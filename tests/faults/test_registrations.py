"""Many who register at the same moment: no number twice, none left out."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from intake.actions import register_case
from intake.models import Case, Counter
from tests.people import Ground, an_entry, make_ground
from zhongzhi.audit.verify import Counts, verify
from zhongzhi.core.numbering import parse_case_code

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
MANY = 64


def at_once(number: int, work: Callable[[int], None]) -> None:
    """Run `work` in so many threads that start together, each with a connection of its own."""
    gate = threading.Barrier(number)

    def one(at: int) -> None:
        try:
            gate.wait()
            work(at)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        list(pool.map(one, range(number)))


def serials() -> list[int]:
    return sorted(parse_case_code(str(code)).serial for code in Case.objects.values_list("code", flat=True))


def test_64_registrations_at_once_give_64_consecutive_codes() -> None:
    ground = make_ground()
    at_once(MANY, lambda at: _register(ground, at))
    assert serials() == list(range(1, MANY + 1))
    counts = Counts()
    assert list(verify(counts)) == []
    assert Counter.objects.get(series__startswith="case:").last == MANY


def test_registrations_that_fail_late_leave_no_gap() -> None:
    ground = make_ground()
    at_once(MANY, lambda at: _register_or_fail(ground, at))
    assert serials() == list(range(1, MANY - MANY // 4 + 1))


def _register(ground: Ground, at: int) -> None:
    register_case(an_entry(title=f"第{at}件"), actor=ground.clerk)


def _register_or_fail(ground: Ground, at: int) -> None:
    """Every fourth fails after its number was taken."""
    if at % 4:
        return _register(ground, at)
    with pytest.raises(RuntimeError), transaction.atomic():
        _register(ground, at)
        raise RuntimeError("the line goes dead")


def test_one_entry_sent_by_many_threads_becomes_one_case() -> None:
    ground = make_ground()
    uid = Case().uid
    outcomes: list[str] = []

    def send(at: int) -> None:
        try:
            register_case(an_entry(), actor=ground.clerk, uid=uid)
            outcomes.append("registered")
        except Exception as error:
            outcomes.append(type(error).__name__)

    at_once(8, send)
    assert sorted(outcomes) == ["AlreadyRegistered"] * 7 + ["registered"]
    assert Case.objects.count() == 1
