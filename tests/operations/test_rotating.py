"""Every sealed value is sealed again under a new key, and nothing is left out."""

import base64
from collections.abc import Iterator
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import BinaryField

from intake.models import Party
from tests.intake import ways
from tests.people import Ground
from workbench.operations.actions import left_under_older_keys, rotate_keys
from workbench.operations.actions.rotating import SEALED
from zhongzhi.core import ciphers

NEW = base64.b64encode(b"n" * 32).decode()


@pytest.fixture(autouse=True)
def own_keys() -> Iterator[None]:
    yield
    ciphers.configure_from(settings.FIELD_KEYS, settings.FIELD_CIPHER, settings.HASH_KEY)


def use(keys: str) -> None:
    ciphers.configure_from(keys, settings.FIELD_CIPHER, settings.HASH_KEY)


def test_every_sealed_column_is_rotated() -> None:
    declared = {(column.model, column.column) for column in SEALED}
    named = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, BinaryField) and (field.name.endswith("sealed") or field.name == "secret")
    }
    assert named <= declared


@pytest.mark.django_db
def test_after_the_rotation_the_old_key_is_needed_for_nothing(ground: Ground) -> None:
    party = ways.registered(ground).parties.first()
    phone = party.phone
    assert phone
    use(f"new:{NEW},{settings.FIELD_KEYS}")
    assert left_under_older_keys() > 0
    steps = list(rotate_keys(batch=1))
    assert steps[-1].left == 0
    assert left_under_older_keys() == 0
    use(f"new:{NEW}")
    assert Party.objects.get(pk=party.pk).phone == phone
    assert list(rotate_keys()) == []


@pytest.mark.django_db
def test_without_the_old_key_the_command_says_so_and_changes_nothing(ground: Ground) -> None:
    ways.registered(ground)
    before = list(Party.objects.values_list("phone_sealed", flat=True))
    use(f"new:{NEW}")
    with pytest.raises(CommandError, match="无法打开"):
        call_command("rotate_keys", stdout=StringIO())
    assert [bytes(b) for b in before if b] == [
        bytes(b) for b in Party.objects.values_list("phone_sealed", flat=True) if b
    ]


@pytest.mark.django_db
def test_the_command_says_when_older_keys_may_be_dropped(ground: Ground) -> None:
    ways.registered(ground)
    use(f"new:{NEW},{settings.FIELD_KEYS}")
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    assert "旧密钥可以" in out.getvalue()
