"""The table of tampering: what is changed behind the program's back is refused to the program's own role or found, and
found when the owner of the tables does it with triggers off."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from pytest_django.fixtures import Settings

from devkit.servers.postgres import Postgres
from tests.audit.emptying import refuse_emptying
from tests.audit.ways import codes, triggers_off
from tests.mediation import ways as mediations
from tests.mediation.ways import House, a_house
from tests.people import Ground
from tests.referrals import ways as papers
from workbench.operations.actions import grant_program
from zhongzhi.audit.actions import anchor_seals, gather_all, seal_heads
from zhongzhi.environment import data_dir

pytestmark = pytest.mark.django_db
PROGRAM = "zhongzhi_program"
TRAIL = ("audit_sealedhead", "audit_trailseal", "audit_chainhead", "audit_trailentry")
REFUSED = "refused"


@dataclass(frozen=True)
class Tampering:
    """What somebody does, to which tables; what the check says of it; what the program's own role meets."""

    name: str
    statements: tuple[str, ...]
    tables: tuple[str, ...]
    found: str
    as_program: str = REFUSED


LAST = "(SELECT max(seq) FROM audit_trailseal)"
TABLE = (
    Tampering(
        "the last seal rolled back",
        (
            f"DELETE FROM audit_sealedhead USING audit_trailseal s WHERE s.id = seal_id AND s.seq = {LAST}",
            f"DELETE FROM audit_trailseal WHERE seq = {LAST}",
            "UPDATE audit_chainhead SET unsealed = true",
        ),
        TRAIL,
        "seal_rolled_back",
    ),
    Tampering("the whole trail deleted", tuple(f"DELETE FROM {table}" for table in TRAIL), TRAIL, "seal_rolled_back"),
    Tampering(
        "trail and marks emptied",
        (f"TRUNCATE {', '.join((*TRAIL, 'audit_contentmark'))}",),
        (*TRAIL, "audit_contentmark"),
        "seal_rolled_back",
    ),
    Tampering(
        "a breach undone",
        ("UPDATE intake_clock SET breached_at = NULL WHERE breached_at IS NOT NULL",),
        ("intake_clock",),
        "content_gone",
        "content_without_act",
    ),
    Tampering(
        "a party's name",
        ("UPDATE intake_party SET name = '别人'",),
        ("intake_party",),
        "content_altered",
        "content_without_act",
    ),
    Tampering(
        "a posting",
        ("UPDATE grids_posting SET role = 'dispatcher' WHERE role = 'clerk'",),
        ("grids_posting",),
        "content_altered",
        "content_without_act",
    ),
    Tampering(
        "a password hash",
        ("UPDATE accounts_user SET password = 'pbkdf2$other' WHERE id = (SELECT min(id) FROM accounts_user)",),
        ("accounts_user",),
        "content_altered",
        "content_without_act",
    ),
    Tampering(
        "an agreement's date",
        ("UPDATE mediation_agreement SET in_force_on = in_force_on - 30",),
        ("mediation_agreement",),
        "content_altered",
        "content_without_act",
    ),
    Tampering(
        "a signed document",
        ("UPDATE referrals_document SET body = '另一份' WHERE signed_at IS NOT NULL",),
        ("referrals_document",),
        "content_altered",
    ),
    Tampering(
        "status history rewritten",
        ("UPDATE intake_statuschange SET at = at - interval '9 days'",),
        ("intake_statuschange",),
        "content_altered",
    ),
    Tampering(
        "steps of documents deleted",
        ("DELETE FROM referrals_documentstep",),
        ("referrals_documentstep",),
        "content_gone",
    ),
    *(
        Tampering(f"{table} emptied", (f"TRUNCATE {table} CASCADE",), (table,), "content_gone")
        for table in ("accounts_securityevent", "intake_statuschange", "referrals_documentstep")
    ),
)
ALL = pytest.mark.parametrize("tampering", TABLE, ids=[tampering.name for tampering in TABLE])


@pytest.fixture
def house(ground: Ground) -> House:
    """Where mediations are held."""
    return a_house(ground)


@pytest.fixture
def anchors(ground: Ground, house: House, settings: Settings, tmp_path: Path) -> Path:
    """An office at work whose trail is gathered, sealed and told outside; its acts were transactions of before."""
    settings.ANCHOR_FILE = str(tmp_path / "seals.jsonl")
    papers.overdue_case(ground)
    papers.signed(ground)
    mediations.in_force(ground, mediations.running(ground, house))
    was_before("audit_trailentry", "audit_contentmark")
    gather_all()
    assert seal_heads(limit=3)
    assert seal_heads()
    anchor_seals()
    was_before("audit_trailentry")
    return Path(settings.ANCHOR_FILE)


def was_before(*tables: str) -> None:
    """Let what was written in this transaction be of one before, as it is in an office at work."""
    with triggers_off(*tables):
        for table in tables:
            run(f"UPDATE {table} SET xact = xact - 1 WHERE xact = pg_current_xact_id()::text::bigint")


def run(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


@contextmanager
def as_program() -> Iterator[None]:
    """Work as the program's own role until the end of the block."""
    run(f"SET LOCAL ROLE {PROGRAM}")
    yield
    run("RESET ROLE")  # what fails is rolled back, and the role with it


@pytest.fixture
def program(db: None) -> str:
    """The program's role on the bundled server, granted what it needs by the owner of the tables."""
    server = Postgres(data_dir())
    if not server.psql(f"SELECT 1 FROM pg_roles WHERE rolname = '{PROGRAM}'"):
        server.psql(f"CREATE ROLE {PROGRAM} LOGIN; GRANT {PROGRAM} TO zhongzhi")
    grant_program(PROGRAM)
    return PROGRAM


def test_nothing_is_found_before(anchors: Path) -> None:
    assert codes(anchors) == set()


@ALL
def test_the_owner_with_triggers_off_is_found(tampering: Tampering, anchors: Path) -> None:
    with triggers_off(*tampering.tables):
        for statement in tampering.statements:
            assert run(statement)
    assert tampering.found in codes(anchors)


@ALL
def test_the_programs_own_role_is_refused_or_found(tampering: Tampering, anchors: Path, program: str) -> None:
    refuse_emptying()
    if tampering.as_program == REFUSED:
        with pytest.raises(DatabaseError, match=r"permission denied|never changes"), transaction.atomic(), as_program():
            for statement in tampering.statements:
                run(statement)
        assert codes(anchors) == set()
    else:
        with as_program():
            assert all(run(statement) for statement in tampering.statements)
        assert tampering.as_program in codes(anchors)


def test_the_programs_own_role_switches_no_trigger_off(program: str) -> None:
    for table in {table for tampering in TABLE for table in tampering.tables}:
        with pytest.raises(DatabaseError, match="must be owner"), transaction.atomic(), as_program():
            run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), as_program():
            run("SET LOCAL session_replication_role = replica")


def test_the_program_does_its_work_under_its_own_role(ground: Ground, house: House, program: str) -> None:
    with as_program():
        papers.overdue_case(ground)
        papers.signed(ground)
        mediations.in_force(ground, mediations.running(ground, house))
        gather_all()
        seal_heads()
        assert codes() == set()


def test_the_programs_role_makes_and_drops_nothing(program: str) -> None:
    for statement in (
        "CREATE TABLE mine (id int)",
        "DROP TABLE intake_party",
        "UPDATE django_migrations SET name = ''",
    ):
        with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic(), as_program():
            run(statement)


@pytest.mark.parametrize(("role", "why"), [("nobody_here", "没有角色"), ("postgres", "超级用户"), ("zhongzhi", "拥有")])
def test_no_superuser_and_no_owner_becomes_the_programs_role(role: str, why: str, db: None) -> None:
    with pytest.raises(CommandError, match=re.compile(why)):
        call_command("grant_program", "--role", role)
