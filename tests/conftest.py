"""What every test stands on."""

import itertools
import time
from types import SimpleNamespace

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from tests.audit.emptying import allow_emptying
from tests.copied_ground import ground_of_this_test, record_ground
from tests.migrated_database import copied_from_migrated
from tests.people import Ground, load_tables
from zhongzhi.accounts import security_rules
from zhongzhi.rows import remembered
from zhongzhi.web import throttle

HOUR = 3600
HOURS = itertools.count(1)
PLAIN_STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def pytest_configure() -> None:
    """Pages are tested without the collected static files."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES = {**settings.STORAGES, "staticfiles": PLAIN_STATIC}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """The test database need not be migrated again in every run."""
    with django_db_blocker.unblock():
        copied_from_migrated()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database, with the tables of the office; it may be emptied although the trail refuses that."""
    with django_db_blocker.unblock():
        allow_emptying()
        load_tables()
        record_ground()


@pytest.fixture
def ground(db: None) -> Ground:
    """The small county that stock characters stand on."""
    return ground_of_this_test()


@pytest.fixture(autouse=True)
def _rules_as_installed() -> None:
    """No rule of security is set, as in a new installation."""
    security_rules.remember({}, seconds=float("inf"))


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What another test read is not taken for what is there."""
    remembered.forget_all()
    remembered.remember_for("")


@pytest.fixture(autouse=True)
def _counted_from_the_full_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted per minute or hour is counted in an hour of this test's own, which has just begun.

    Without it a test that begins a moment before a full minute counts in two.
    """
    ahead = next(HOURS) * HOUR - time.time() % HOUR
    monkeypatch.setattr(throttle, "time", SimpleNamespace(time=lambda: time.time() + ahead))
