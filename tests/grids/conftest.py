"""What every test of the grids stands on: one day."""

from collections.abc import Iterator

import pytest
import time_machine
from django.utils import timezone


@pytest.fixture(autouse=True)
def one_day() -> Iterator[None]:
    """A test begins and ends on the same day, whatever the hour it is run at."""
    with time_machine.travel(timezone.now(), tick=False):
        yield
