"""A new key takes the place of the old one while the office works; a run that is killed is simply started again."""

import base64
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection

from intake.models import Party
from tests.audit.ways import codes
from tests.intake import ways
from tests.people import Ground
from workbench.operations.actions import left_under_older_keys
from zhongzhi.core import ciphers

PARTIES = 3000
NEW = base64.b64encode(b"n" * 32).decode()


@pytest.fixture
def keys() -> Iterator[str]:
    """The settings' keys with a new one before them; afterwards those of the settings again."""
    yield f"new:{NEW},{settings.FIELD_KEYS}"
    ciphers.configure_from(settings.FIELD_KEYS, settings.FIELD_CIPHER, settings.HASH_KEY)


def many_parties(ground: Ground) -> None:
    case = ways.accepted(ground)
    parties = [Party(case=case, ordinal=n + 10, name=f"户{n}") for n in range(PARTIES)]
    for n, party in enumerate(parties):
        party.seal_phone(f"139{n:08}")
    Party.objects.bulk_create(parties)


def rotating(keys: str) -> subprocess.Popen[str]:
    name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
    return subprocess.Popen(
        [sys.executable, "manage.py", "rotate_keys", "--batch", "50"],
        cwd=settings.BASE_DIR, env={**os.environ, "FIELD_KEYS": keys, "DATABASE_URL": url},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_a_rotation_is_killed_half_way_and_resumed_while_work_goes_on(ground: Ground, keys: str) -> None:
    many_parties(ground)
    ciphers.configure_from(keys, settings.FIELD_CIPHER, settings.HASH_KEY)
    before = left_under_older_keys()
    running = rotating(keys)
    assert running.stdout is not None
    for _ in range(10):
        assert running.stdout.readline()
    running.send_signal(signal.SIGKILL)
    running.wait()
    left = left_under_older_keys()
    assert 0 < left < before
    work = threading.Thread(target=_work, args=[ground])
    work.start()
    again = rotating(keys)
    told, _ = again.communicate(timeout=300)
    work.join()
    assert again.returncode == 0, told
    assert left_under_older_keys() == 0
    ciphers.configure_from(f"new:{NEW}", settings.FIELD_CIPHER, settings.HASH_KEY)
    assert {party.phone for party in Party.objects.filter(name__startswith="户")} == {
        f"139{n:08}" for n in range(PARTIES)
    }
    assert codes() == set()


def _work(ground: Ground) -> None:
    try:
        for _ in range(5):
            ways.accepted(ground)
    finally:
        connection.close()
