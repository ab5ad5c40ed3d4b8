"""What every test stands on."""

import pytest
from pytest_django import DjangoDbBlocker

from tests.audit.emptying import allow_emptying


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database, which may be emptied between transactional tests although the trail refuses that."""
    with django_db_blocker.unblock():
        allow_emptying()
