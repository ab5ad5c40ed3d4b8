"""New people: names, passwords, and what the database itself refuses."""

import io

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from tests.accounts.known import PASSWORD
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import SecurityEvent, User
from zhongzhi.core.errors import BadInput

pytestmark = pytest.mark.django_db


def test_a_new_person_is_called_by_name_and_logged(clerk):
    assert str(clerk) == "王芳"
    assert clerk.check_password(PASSWORD)
    assert SecurityEvent.objects.get(kind="user_created").user == clerk


def test_without_a_password_nobody_can_sign_in():
    assert not create_user(username="svc", name="外部系统").has_usable_password()


def test_a_taken_name_is_refused_in_any_case(clerk):
    with pytest.raises(BadInput) as refusal:
        create_user(username="WANG.FANG", name="王方", password=PASSWORD)
    assert "已有同名用户" in str(refusal.value.errors)
    assert User.objects.count() == 1


def test_the_database_refuses_a_taken_name_in_any_case(clerk):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="Wang.Fang", name="王方")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"username": "with space"}, "username"),
        ({"username": "a\0b"}, "username"),
        ({"username": "x" * 151}, "username"),
        ({"name": ""}, "name"),
        ({"name": "长" * 51}, "name"),
        ({"password": "simple"}, "password"),
        ({"phone": "1" * 21}, "phone"),
    ],
)
def test_wrong_input_is_named_by_field_and_nothing_is_written(wrong, field):
    good = {"username": "li.gang", "name": "李刚", "password": PASSWORD}
    with pytest.raises(BadInput) as refusal:
        create_user(**{**good, **wrong})
    assert list(refusal.value.errors) == [field]
    assert not User.objects.exists()
    assert not SecurityEvent.objects.exists()


def test_a_four_byte_character_in_a_name_is_kept():
    assert create_user(username="qi", name="𠮷野").name == "𠮷野"


def test_createsuperuser_works_without_questions(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", username="admin", name="系统管理员", interactive=False, stdout=io.StringIO())
    admin = User.objects.get_by_natural_key("ADMIN")
    assert (admin.is_superuser, admin.name, admin.check_password(PASSWORD)) == (True, "系统管理员", True)


def test_passwords_are_kept_as_argon2_hashes(settings, project_hashers):
    settings.PASSWORD_HASHERS = project_hashers
    user = create_user(username="li.gang", name="李刚", password=PASSWORD)
    assert user.password.startswith("argon2$argon2id$")
