"""Eight who change cases while the figures are read and folded: no read ever differs from a recount of its moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from intake import actions
from intake.counting import actions as counting_actions
from intake.counting import queries as counting_queries
from intake.counting.models import TallyDelta
from intake.counting.queries import Slice
from intake.models import Case
from tests.intake import ways
from tests.people import Ground, make_ground

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
WRITERS, ROUNDS = 8, 12


def write(ground: Ground, at: int) -> None:
    """Cases of one's own through their life, in one of two towns; now and then by a bulk change beside the acts."""
    try:
        place = ("150526103200", "150526100001")[at % 2]
        for _ in range(ROUNDS):
            case = ways.accepted(ground, territory=place)
            actions.take_up_case(case, actor=ground.dispatcher)
            actions.report_outcome(case, ways.REPORT, actor=ground.dispatcher)
            actions.close_case(case, actor=ground.manager)
            if at % 3 == 0:
                actions.reopen_case(case, actor=ground.dispatcher, reason="协议未履行")
            if at % 4 == 0:
                Case.objects.filter(pk=case.pk).update(territory=ground.places["150526103201"])
    finally:
        connection.close()


class Watch:
    """Readers and folders that go on until all is written."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.wrong: list[object] = []
        self.reads: list[int] = []

    def read(self) -> None:
        day = timezone.localdate()
        county = Slice("150526", day, day)
        while not self.done.is_set():
            with counting_queries.one_moment():
                kept, plain, below = (
                    counting_queries.counts(county),
                    counting_queries.recount(county),
                    counting_queries.counts_below(county),
                )
            whole = {name: kept.get((name, "", ""), 0) for name in counting_queries.all_measures()}
            towns = {
                name: sum(town.get(name, 0) for town in below.values()) for name in counting_queries.all_measures()
            }
            self.reads.append(sum(whole.values()))
            if kept != plain or towns != whole:
                self.wrong.append((kept, plain, towns))
        connection.close()

    def fold(self) -> None:
        while not self.done.wait(0.05):
            counting_actions.fold_tallies(limit=50)
        connection.close()


def test_no_read_is_ever_wrong_while_eight_write_and_two_fold() -> None:
    ground, watch = make_ground(), Watch()
    with ThreadPoolExecutor(WRITERS + 4) as pool:
        others = [pool.submit(work) for work in (watch.read, watch.read, watch.fold, watch.fold)]
        writers = [pool.submit(write, ground, at) for at in range(WRITERS)]
        try:
            for writer in writers:
                writer.result()
        finally:
            watch.done.set()
        for other in others:
            other.result()
    assert watch.wrong == []
    assert len(set(watch.reads)) > 10, "the readers saw the figures grow"
    assert counting_actions.differences() == []
    while counting_actions.fold_tallies():
        pass
    assert not TallyDelta.objects.exists()
    assert counting_actions.differences() == []


def test_a_rebuild_while_others_write_loses_nothing() -> None:
    ground = make_ground()
    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write, ground, at) for at in range(WRITERS)]
        while not all(writer.done() for writer in writers):
            counting_actions.rebuild_tallies()
        for writer in writers:
            writer.result()
    assert counting_actions.differences() == []
