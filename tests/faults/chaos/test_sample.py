"""Three minutes of kills under load, begun anew, and what is compared in the end notices what is missing."""

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.faults.chaos import level, verdict
from tests.faults.chaos.journal import Journal, Sent
from tests.intake.api import as_person
from tests.people import make_ground

KILLS, MINUTES = 40, 3


@pytest.mark.faults
def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice() -> None:
    with tempfile.TemporaryDirectory(prefix="zz-") as name:
        os.chmod(name, 0o711)
        command = ["-m", "tests.faults.chaos", "--kills", str(KILLS), "--minutes", str(MINUTES), "--folder", name]
        done = subprocess.run(
            [sys.executable, *command], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
        assert "| **tables that differ** | **0** |" in done.stdout
        with sqlite3.connect(Path(name) / "journal.sqlite3") as kept:
            kills, saved = (kept.execute(sql).fetchone()[0] for sql in (COUNT_KILLS, COUNT_SAVED))
        assert kills > 0 and saved > 0


COUNT_KILLS = "SELECT count(*) FROM kills WHERE seconds IS NOT NULL"
COUNT_SAVED = "SELECT count(*) FROM writes WHERE verdict = 'saved'"
ENTRY = {
    "narrative": "自家土地少了3垄，怀疑邻地农户多种。",
    "territory": "150526103200",
    "category": "0901",
    "parties": [{"name": "岳某某"}],
}


@pytest.mark.django_db(transaction=True)
def test_the_comparison_sees_what_was_lost_what_was_doubled_and_nothing_else(tmp_path: Path) -> None:
    ground, journal = make_ground(), Journal(tmp_path / "journal.sqlite3")
    begun = time.time() - 0.5
    connection.close()
    for key, number in (("one", "n-1"), ("two", "n-2")):
        sent = Sent(key, 0, ground.clerk.pk, "cases", "/api/v1/cases/", "", internal=number)
        journal.sends(sent)
        answer = as_person(ground.clerk).post(
            "/api/v1/cases/",
            ENTRY | {"internal_number": number},
            content_type="application/json",
            headers={"Idempotency-Key": key},
        )
        assert answer.status_code == 201, answer.content
        journal.answered(key, 201, replayed=False, began=0)
    assert found(journal, begun) == {}
    journal.sends(Sent("three", 0, ground.clerk.pk, "cases", "/api/v1/cases/", "", internal="n-3"))
    journal.answered("three", 201, replayed=False, began=0)
    lost = {"acknowledged, and no record of its number", "registered and acknowledged, and no case of its number"}
    assert set(found(journal, begun)) == lost
    journal.rows("DELETE FROM writes WHERE key = 'three'")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_idempotencyrecord WHERE key = 'two'")
    again = set(found(journal, begun))
    assert again == {
        "acknowledged, and no record of its number",
        "a line of a person's trail whose transaction has no number",
    }


def test_a_look_counts_against_the_standby_where_nothing_else_was_away(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite3")
    for number, (target, at, seconds) in enumerate((("standby", 100, 10), ("PostgreSQL postmaster", 105, 3)), 1):
        journal.killed(number, target, at)
        journal.recovered(number, seconds)
    for status, began, ended in ((200, 90, 91), (200, 101, 102), (503, 106, 107), (500, 120, 121)):
        journal.rows("INSERT INTO reads VALUES ('list', ?, ?, ?)", began, ended, status)
    assert level.looks(journal) == level.Looks(4, 2, away=2, away_answered=1, failed=0, failed_otherwise=2)
    journal.rows("INSERT INTO reads VALUES ('list', 109, 111, 503)")
    assert level.looks(journal).failed == 1


def found(journal: Journal, begun: float) -> dict[str, int]:
    """The exceptions there are."""
    verdict.tables_of(journal, begun)
    statements = verdict.LOST | verdict.DOUBLED | verdict.OTHERS
    return {name: number for name, number in verdict.counted(statements) if number}
