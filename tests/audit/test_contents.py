"""What must not change silently is compared with marks that the trail keeps."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from grids.models import Posting
from intake.models import Party
from tests.audit.ways import codes, triggers_off
from tests.intake import ways
from tests.people import Ground
from zhongzhi.accounts.actions import change_password, create_user
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import adopt_contents, gather_all, gather_marks
from zhongzhi.audit.contents import content_faults, marked_tables
from zhongzhi.audit.models import ContentMark, TrailEntry
from zhongzhi.audit.tasks import gather_marks as gather_task

pytestmark = pytest.mark.django_db


def run(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_what_acts_do_is_marked_and_sound(ground: Ground) -> None:
    case = ways.accepted(ground)
    assert ContentMark.objects.filter(subject="intake_statuschange").count() == case.status_changes.count()
    assert gather_all() > 0
    assert codes() == set()


def test_marks_are_gathered_into_blocks_that_the_trail_tells_of(ground: Ground) -> None:
    gather_all()
    ways.accepted(ground)
    waiting = ContentMark.objects.filter(block=None).count()
    assert gather_marks(limit=waiting - 1) == waiting - 1
    assert gather_marks() == 1
    assert gather_marks() == 0
    told = TrailEntry.objects.filter(chain="contents").order_by("-seq")
    assert [entry.facts["marks"] for entry in told[:2]] == [1, waiting - 1]


def test_the_task_gathers_everything_and_twice_does_no_harm(ground: Ground) -> None:
    assert gather_task() > 0
    assert gather_task() == 0


def test_a_mark_is_neither_changed_nor_deleted(ground: Ground) -> None:
    gather_all()
    for change in ("UPDATE audit_contentmark SET digest = ''", "UPDATE audit_contentmark SET block = 7",
                   "DELETE FROM audit_contentmark"):  # fmt: skip
        with pytest.raises(DatabaseError, match=r"kept as it was made|append-only"), transaction.atomic():
            run(change)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE audit_contentmark SET digest = '\\x00' WHERE id = %s", "block_altered"),
        ("UPDATE audit_contentmark SET block = 99 WHERE id = %s", "block_unknown"),
        ("DELETE FROM audit_contentmark WHERE id = %s", "block_altered"),
    ],
)
def test_a_mark_rewritten_with_triggers_off_is_found(ground: Ground, change: str, code: str) -> None:
    gather_all()
    with triggers_off("audit_contentmark"):
        run(change, ContentMark.objects.filter(subject="grids_posting").earliest("pk").pk)
    assert code in codes()


def test_a_block_that_is_gone_is_found(ground: Ground) -> None:
    gather_all()
    with triggers_off("audit_contentmark"):
        run("DELETE FROM audit_contentmark")
    assert "block_missing" in codes()


def test_a_row_put_in_with_triggers_off_is_found(ground: Ground) -> None:
    gather_all()
    with triggers_off("grids_posting"):
        run("INSERT INTO grids_posting (user_id, organisation_id, role, title, starts_on)"
            " SELECT user_id, organisation_id, 'leader', '', '2020-01-01' FROM grids_posting"
            " WHERE role = 'clerk' LIMIT 1")  # fmt: skip
    assert codes() == {"content_unmarked"}
    assert adopt_contents() == {"grids_posting": 1}
    assert codes() == set()


def test_what_was_there_before_its_table_was_marked_is_adopted_once(ground: Ground) -> None:
    with triggers_off("audit_contentmark"):
        run("DELETE FROM audit_contentmark")
    out = StringIO()
    call_command("adopt_contents", stdout=out)
    assert f"grids_posting\t{Posting.objects.count()}" in out.getvalue()
    assert adopt_contents() == {}
    assert codes() == set()


def test_a_password_changed_by_its_owner_is_an_act() -> None:
    user = create_user(username="han.bing", name="韩冰", password="Caoyuan-2026-lu")
    change_password(user, "Shamo-2027-huang")
    assert codes() == set()
    assert not User.objects.get().check_password("Caoyuan-2026-lu")


def test_digests_do_not_hang_on_the_time_zone_of_a_session(ground: Ground) -> None:
    ways.accepted(ground)
    run("SET LOCAL TIME ZONE 'America/New_York'")
    assert list(content_faults()) == []


def test_a_new_key_of_a_sealed_column_changes_no_mark(ground: Ground) -> None:
    party = ways.accepted(ground).parties.first()
    before = ContentMark.objects.count()
    party.seal_phone("13800138000")
    party.save(update_fields=["phone_sealed", "phone_hash"])
    filled = ContentMark.objects.count()
    party.seal_phone("13800138000")
    party.save(update_fields=["phone_sealed", "phone_hash"])
    assert ContentMark.objects.count() == filled
    assert filled - before <= 1


def test_the_command_tells_each_row_as_text_or_as_data(ground: Ground) -> None:
    ways.accepted(ground)
    with triggers_off("intake_party"):
        run("UPDATE intake_party SET name = '别人'")
    party = Party.objects.first()
    for options, expected in (((), f"intake_party:{party.pk}\tcontent_altered"), (("--json",), '"content_altered"')):
        out = StringIO()
        with pytest.raises(CommandError):
            call_command("verify_trail", *options, stdout=out)
        assert expected in out.getvalue()


def test_everything_that_must_not_change_silently_is_marked() -> None:
    assert {table.name for table in marked_tables()} >= {
        *("accounts_user", "accounts_securityevent", "grids_posting", "grids_hazardstep", "intake_party"),
        *("intake_clock", "intake_statuschange", "intake_tiermove", "intake_gradechange", "intake_roadcorrection"),
        *("mediation_agreement", "referrals_document", "referrals_documentstep"),
    }
