"""New people and their passwords."""

from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from zhongzhi.accounts.actions.security import note
from zhongzhi.accounts.actions.signing_in import end_other_sessions
from zhongzhi.accounts.models import PasswordHistory, SecurityKind, User, UserKind
from zhongzhi.accounts.origin import NOWHERE, Origin
from zhongzhi.accounts.passwords import REMEMBERED
from zhongzhi.accounts.security_rules import RuleName, number_of
from zhongzhi.accounts.verbs import Verb
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput


@transaction.atomic
def create_user(
    *,
    username: str,
    name: str,
    password: str | None = None,
    phone: str = "",
    kind: UserKind = UserKind.PERSON,
    must_change_password: bool = False,
    actor: User | None = None,
) -> User:
    """Open an account. Without a password nobody can sign in with it (service users).

    `must_change_password` is for a password that someone else chose; it stops working after the hours of the rule.
    Raises `BadInput` per field: a user name taken (upper and lower case are the same) or of wrong shape, a password
    against the rules.
    """
    user = User(
        username=User.normalize_username(username.strip()),
        name=name.strip(),
        phone=phone.strip(),
        kind=kind,
        must_change_password=must_change_password,
    )
    _check_user(user, password)
    user.set_password(password)
    if password and must_change_password:
        user.one_time_until = one_time_end()
    user.save()
    note(SecurityKind.USER_CREATED, user, detail=f"由 {actor.username} 新建" if actor else "")
    return user


@transaction.atomic
def change_password(
    user: User, new_password: str, *, keep_session: str | None = None, origin: Origin = NOWHERE
) -> User:
    """Give the person a new password and end all their sessions but the one with key `keep_session`.

    Returns the person as now stored. Raises `BadInput` (field new_password1) when the password is against the
    rules, the last three included.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    _check_password(new_password, user, field="new_password1")
    remember_password(user)
    user.set_password(new_password)
    user.password_changed_at = timezone.now()
    user.must_change_password, user.one_time_until = False, None
    user.save(update_fields=["password", "password_changed_at", "must_change_password", "one_time_until"])
    record(user, Verb.PASSWORD_CHANGED, user)
    note(SecurityKind.PASSWORD_CHANGED, user, origin=origin)
    end_other_sessions(user, keep=keep_session, origin=origin)
    return user


def one_time_end() -> datetime:
    """When a password given out now stops working unless its owner has changed it."""
    return timezone.now() + timedelta(hours=number_of(RuleName.ONE_TIME_PASSWORD))


def _check_user(user: User, password: str | None) -> None:
    """Every wrong field at once, so that a form shows them together."""
    errors: dict[str, list[str]] = {}
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as wrong:
        errors.update(wrong.message_dict)
    if password is not None:
        try:
            validate_password(password, user)
        except ValidationError as wrong:
            errors["password"] = wrong.messages
    if errors:
        raise BadInput(errors=errors)


def _check_password(password: str, user: User, *, field: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as wrong:
        raise BadInput(errors={field: wrong.messages}) from wrong


def remember_password(user: User) -> None:
    """Keep the hash of the password in use, and no more of them than the rule needs."""
    PasswordHistory.objects.create(user=user, password=user.password)
    needed = PasswordHistory.objects.filter(user=user).order_by("-id").values("pk")[: REMEMBERED - 1]
    PasswordHistory.objects.filter(user=user).exclude(pk__in=needed).delete()
