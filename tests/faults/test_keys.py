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
from intake.models.party import phone_hashes
from tests.audit.ways import codes
from tests.intake import ways
from tests.people import Ground
from workbench.operations.actions import left_under_older_keys
from zhongzhi.core import ciphers

PARTIES = int(os.environ.get("ROTATED_PARTIES", "3000"))
NEW, NEW_HASH = (base64.b64encode(letter * 32).decode() for letter in (b"n", b"h"))


@pytest.fixture
def keys() -> Iterator[tuple[str, str]]:
    """The settings' field keys and hash keys with new ones before them; afterwards those of the settings again."""
    yield f"new:{NEW},{settings.FIELD_KEYS}", f"h2:{NEW_HASH},{settings.HASH_KEY}"
    ciphers.configure_from(settings.FIELD_KEYS, settings.FIELD_CIPHER, settings.HASH_KEY)


def many_parties(ground: Ground) -> None:
    case = ways.accepted(ground)
    parties = [Party(case=case, ordinal=n + 10, name=f"户{n}") for n in range(PARTIES)]
    for n, party in enumerate(parties):
        party.seal_phone(f"139{n:08}")
    Party.objects.bulk_create(parties, batch_size=1000)


def killed_after(running: subprocess.Popen[str], column: str) -> None:
    """Kill a rotation in the middle of a column."""
    assert running.stdout is not None
    for line in running.stdout:
        if line.startswith(column) and int(line.split()[-1]) < PARTIES * 0.8:
            break
    running.send_signal(signal.SIGKILL)
    running.wait()


def rotating(keys: tuple[str, str]) -> subprocess.Popen[str]:
    name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
    return subprocess.Popen(
        [sys.executable, "manage.py", "rotate_keys", "--batch", "50"],
        cwd=settings.BASE_DIR, env={**os.environ, "FIELD_KEYS": keys[0], "HASH_KEY": keys[1], "DATABASE_URL": url},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_a_rotation_is_killed_half_way_and_resumed_while_work_goes_on(ground: Ground, keys: tuple[str, str]) -> None:
    many_parties(ground)
    ciphers.configure_from(keys[0], settings.FIELD_CIPHER, keys[1])
    before = left_under_older_keys()
    running = rotating(keys)
    killed_after(running, "intake_party.phone_sealed")
    left = left_under_older_keys()
    assert 0 < left < before
    running = rotating(keys)
    killed_after(running, "intake_party.phone_hash")
    assert 0 < left_under_older_keys() < left
    work = threading.Thread(target=_work, args=[ground])
    work.start()
    again = rotating(keys)
    told, _ = again.communicate(timeout=3600)
    work.join()
    assert again.returncode == 0, told
    assert left_under_older_keys() == 0
    ciphers.configure_from(f"new:{NEW}", settings.FIELD_CIPHER, f"h2:{NEW_HASH}")
    assert {party.phone for party in Party.objects.filter(name__startswith="户")} == {
        f"139{n:08}" for n in range(PARTIES)
    }
    last = f"139{PARTIES - 1:08}"
    assert Party.objects.get(phone_hash__in=phone_hashes(last)).phone == last
    assert codes() == set()


def _work(ground: Ground) -> None:
    try:
        for _ in range(5):
            ways.accepted(ground)
    finally:
        connection.close()
