"""Who is told in the tests of notices."""

import pytest

from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User


@pytest.fixture
def officer(db: None) -> User:
    """Someone who is told."""
    return create_user(username="han.bing", name="韩冰")
