"""Rules for passwords beyond Django's own (a mix of characters, none of the last three), and one-time passwords."""

import secrets
import string

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

from zhongzhi.accounts.models import User
from zhongzhi.accounts.queries import recent_password_hashes
from zhongzhi.accounts.security_rules import RuleName, number_of

KINDS_NEEDED = 3
REMEMBERED = 3
CLEAR_SIGNS = "".join(c for c in string.ascii_letters + string.digits if c not in "0O1lIo")
"""Letters and digits that nobody mistakes for one another on paper."""


class LengthValidator:
    """At least as many characters as the rule says."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse a password that is too short."""
        if len(password) < number_of(RuleName.PASSWORD_LENGTH):
            raise ValidationError(f"密码太短：{self.get_help_text()}", code="password_too_short")

    def get_help_text(self) -> str:
        """The rule in words."""
        return f"至少 {number_of(RuleName.PASSWORD_LENGTH)} 位。"


class MixedCharactersValidator:
    """At least three of: upper case, lower case, digit, other sign (GB/T 22239-2019, 8.1.4.1 a)."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse a password of fewer than three kinds of characters."""
        kinds = {_kind_of(character) for character in password}
        if len(kinds) < KINDS_NEEDED:
            raise ValidationError(f"密码太简单：{self.get_help_text()}", code="password_not_mixed")

    def get_help_text(self) -> str:
        """The rule in words."""
        return "大写字母、小写字母、数字、符号四类中至少要有三类。"


class RecentPasswordsValidator:
    """Not the password in use nor one of the two before it."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse a password the person had recently; nothing to compare for someone new."""
        if user is None or user.pk is None:
            return
        if any(check_password(password, former) for former in recent_password_hashes(user, REMEMBERED)):
            raise ValidationError(f"这个密码最近用过：{self.get_help_text()}", code="password_recent")

    def get_help_text(self) -> str:
        """The rule in words."""
        return f"不能与最近 {REMEMBERED} 次用过的密码相同。"


def one_time_password() -> str:
    """A random password to hand over on paper: three groups of four signs (69 bits), of at least three kinds."""
    while True:
        groups = ("".join(secrets.choice(CLEAR_SIGNS) for _ in range(4)) for _ in range(3))
        password = "-".join(groups)
        if len({_kind_of(character) for character in password}) >= KINDS_NEEDED:
            return password


def _kind_of(character: str) -> str:
    if character.isupper():
        return "upper"
    if character.islower():
        return "lower"
    return "digit" if character.isdigit() else "sign"
