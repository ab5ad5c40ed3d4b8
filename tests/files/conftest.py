"""Who acts in the tests of stored files."""

import pytest

from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User


@pytest.fixture
def officer(db: None) -> User:
    """Someone who acts."""
    return create_user(username="han.bing", name="韩冰")
