"""A new hash key takes the place of the old one: lookups find old and new, hashes move, the trail is vouched for."""

import base64
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from grids.models import RosterPerson
from grids.queries.accounts import account_by_number
from intake.models import Party
from intake.models.personal_data import DataRequest, RestrictedParty, Restriction
from intake.public.actions import issue_query_code
from intake.queries import earlier_cases
from intake.search.queries import is_restricted
from tests.audit.ways import codes, triggers_off
from tests.intake import ways
from tests.people import Ground
from workbench.operations.actions import left_under_older_keys, rotate_keys
from workbench.operations.actions.rotating import HASHED, known_by_older_hash
from zhongzhi.accounts.tokens import digest_of, is_digest_of
from zhongzhi.audit.actions import TrailBroken, anchor_seals, gather_all, seal_heads
from zhongzhi.audit.models import TrailEntry, TrailVoucher
from zhongzhi.core import ciphers

NEW = base64.b64encode(b"h" * 32).decode()
NEWER = base64.b64encode(b"i" * 32).decode()
BOTH = f"h2:{NEW},{settings.HASH_KEY}"


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.ANCHOR_FILE = str(tmp_path / "seals.jsonl")
    yield
    ciphers.configure_from(settings.FIELD_KEYS, settings.FIELD_CIPHER, settings.HASH_KEY)


def use(hash_keys: str) -> None:
    ciphers.configure_from(settings.FIELD_KEYS, settings.FIELD_CIPHER, hash_keys)


def seal_and_tell() -> None:
    gather_all()
    seal_heads()
    anchor_seals()


def numbers(party: Party) -> dict[str, str]:
    return {"paper_number": party.paper_number, "phone": party.phone}


@pytest.mark.django_db
def test_rows_of_both_keys_are_found_by_number_and_phone(ground: Ground) -> None:
    old = ways.registered(ground)
    party = old.parties.exclude(paper_hash=None).first()
    use(BOTH)
    new = ways.registered(ground)
    assert bytes(new.parties.exclude(paper_hash=None).first().paper_hash).startswith(b"\x02h2")
    for given in numbers(party).items():
        assert {old.pk, new.pk} <= {case.pk for case in earlier_cases(ground.clerk, **dict([given]))}


@pytest.mark.django_db
def test_whoever_is_restricted_stays_so_in_rows_of_either_key(ground: Ground) -> None:
    case = ways.registered(ground)
    party = case.parties.exclude(paper_hash=None).first()
    asked = DataRequest.objects.create(kind="restrict", reason="争议", centre=case.centre, received_by=ground.clerk)
    row = Restriction.objects.create(request=asked, reason="争议", restricted_by=ground.clerk)
    RestrictedParty.objects.create(restriction=row, party=party)
    use(BOTH)
    later = ways.registered(ground).parties.get(name=party.name)
    assert later.pk in set(Party.objects.filter(is_restricted()).values_list("pk", flat=True))
    assert later.pk not in set(Party.objects.filter(~is_restricted()).values_list("pk", flat=True))


@pytest.mark.django_db
def test_somebody_of_the_rosters_is_found_under_either_key_and_not_entered_twice(ground: Ground) -> None:
    person = RosterPerson(name="白音", user=ground.clerk)
    person.seal_paper("15052619800101001X")
    person.save()
    use(BOTH)
    assert account_by_number("15052619800101001X") == ground.clerk
    list(rotate_keys(batch=1))
    use(f"h2:{NEW}")
    assert account_by_number("15052619800101001X") == ground.clerk


@pytest.mark.django_db
def test_after_the_rotation_the_old_hash_key_is_needed_for_nothing(ground: Ground) -> None:
    party = ways.accepted(ground).parties.exclude(paper_hash=None).first()
    seal_and_tell()
    use(BOTH)
    ways.accepted(ground)
    seal_and_tell()
    assert left_under_older_keys() > 0
    assert list(rotate_keys(batch=1))
    assert left_under_older_keys() == 0
    use(f"h2:{NEW}")
    assert earlier_cases(ground.clerk, paper_number=party.paper_number).count() == 2
    seal_and_tell()
    assert codes(Path(settings.ANCHOR_FILE)) == set()
    assert list(rotate_keys()) == []


@pytest.mark.django_db
def test_two_rotations_in_turn_leave_a_trail_that_stands_under_the_last_key(ground: Ground) -> None:
    ways.accepted(ground)
    seal_and_tell()
    for before, after in ((settings.HASH_KEY, f"h2:{NEW}"), (f"h2:{NEW}", f"h3:{NEWER}")):
        use(f"{after},{before}")
        list(rotate_keys())
        ways.accepted(ground)
        seal_and_tell()
    use(f"h3:{NEWER}")
    assert codes(Path(settings.ANCHOR_FILE)) == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "change", "found"),
    [
        ("audit_trailentry", "UPDATE audit_trailentry SET at = now() WHERE id = {old}", "vouched_altered"),
        ("audit_trailentry", "DELETE FROM audit_trailentry WHERE id = {old}", "vouched_altered"),
        ("audit_trailseal", "UPDATE audit_trailseal SET heads = heads + 1", "vouched_altered"),
        ("audit_trailvoucher", "UPDATE audit_trailvoucher SET rows = rows + 1", "voucher_altered"),
        ("audit_trailvoucher", "DELETE FROM audit_trailvoucher", "key_missing"),
    ],
)  # fmt: skip
def test_what_is_changed_after_the_old_key_is_gone_is_found(
    ground: Ground, table: str, change: str, found: str
) -> None:
    ways.accepted(ground)
    seal_and_tell()
    old = TrailEntry.objects.order_by("pk").first()
    use(BOTH)
    list(rotate_keys())
    use(f"h2:{NEW}")
    with triggers_off(table), connection.cursor() as cursor:
        cursor.execute(change.replace("{old}", str(old.pk)))
    assert found in codes()


@pytest.mark.django_db
def test_anchors_of_the_old_key_are_vouched_for_and_an_edit_of_them_is_found(ground: Ground) -> None:
    ways.accepted(ground)
    seal_and_tell()
    use(BOTH)
    list(rotate_keys())
    use(f"h2:{NEW}")
    file = Path(settings.ANCHOR_FILE)
    assert codes(file) == set()
    first, *rest = file.read_text().splitlines()
    changed = json.dumps({**json.loads(first), "heads": 99}, ensure_ascii=False, separators=(",", ":"))
    file.write_text("\n".join([changed, *rest]) + "\n")
    assert "anchor_altered" in codes(file)
    file.write_text(first + "\n")
    assert "anchor_altered" in codes(file)


@pytest.mark.django_db
def test_nobody_vouches_for_a_trail_that_is_broken(ground: Ground) -> None:
    ways.accepted(ground)
    with triggers_off("audit_trailentry"), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_trailentry SET verb = 'x' WHERE id = (SELECT min(id) FROM audit_trailentry)")
    use(BOTH)
    with pytest.raises(TrailBroken):
        list(rotate_keys())
    with pytest.raises(CommandError, match="verify_trail"):
        call_command("rotate_keys", stdout=StringIO())
    assert not TrailVoucher.objects.exists()


@pytest.mark.django_db
def test_codes_of_which_only_a_hash_is_kept_are_counted_before_their_key_goes(ground: Ground) -> None:
    before = digest_of("zz_ab_c")
    case = ways.registered(ground)
    issue_query_code(case, case.parties.get(ordinal=1), actor=ground.clerk)
    use(BOTH)
    assert is_digest_of(before, "zz_ab_c") and is_digest_of(digest_of("zz_ab_c"), "zz_ab_c")
    assert known_by_older_hash() == {"查询码": 1}
    told = StringIO()
    call_command("rotate_keys", stdout=told)
    assert "1 个查询码" in told.getvalue()


def test_every_column_of_hashes_is_rotated_or_counted() -> None:
    assert {str(column) for column in HASHED} == {
        "intake_party.paper_hash", "intake_party.phone_hash", "intake_party.phone_tail",
        "grids_rosterperson.phone_hash", "grids_rosterperson.paper_hash",
    }  # fmt: skip
