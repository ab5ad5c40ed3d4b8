"""What a program holds from its start is passed over; what is dropped later goes as ever."""

import gc
import weakref

from celery.signals import worker_process_init

from zhongzhi import alive
from zhongzhi.core.garbage import ALL, NEW, SECOND, pass_over_what_stands


class Ring:
    """Holds itself, so only the search for garbage finds it."""

    def __init__(self) -> None:
        self.itself = self


def test_what_stands_is_passed_over_and_what_comes_later_is_found() -> None:
    before = gc.get_threshold()
    try:
        pass_over_what_stands()
        assert gc.get_freeze_count() > 10_000
        assert gc.get_threshold() == (NEW, SECOND, ALL)
        ring = weakref.ref(Ring())
        gc.collect()
        assert ring() is None
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def test_a_worker_does_so_when_it_has_been_loaded() -> None:
    before = gc.get_threshold()
    try:
        worker_process_init.send(sender=None)
        assert gc.get_freeze_count() > 10_000
        assert alive.settle_down in {receiver() for _, receiver in worker_process_init.receivers}
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
