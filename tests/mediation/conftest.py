"""The ground with a committee that mediates."""

import pytest

from tests.mediation.ways import House, a_house
from tests.people import Ground


@pytest.fixture
def house(ground: Ground) -> House:
    return a_house(ground)
