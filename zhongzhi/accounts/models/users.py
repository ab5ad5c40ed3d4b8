"""People who sign in, service users of outside systems, and the passwords a person had before."""

from typing import ClassVar

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from zhongzhi.rows.marks import marked
from zhongzhi.rows.remembered import remembered_table


class UserKind(models.TextChoices):
    """Who stands behind a user: someone of flesh and blood, or an outside system."""

    PERSON = "person", "人员"
    SERVICE = "service", "外部系统"


class Users(UserManager["User"]):
    """Finds people by their user name, however they type its letters."""

    use_in_migrations = False

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user of that name; upper and lower case are the same (uses the index on Lower)."""
        return self.alias(folded_username=Lower("username")).get(folded_username=(username or "").lower())


class User(AbstractUser):
    """One person (or one outside system). Roles and places come from postings, never from here."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("姓名", max_length=50)
    phone = models.CharField("手机号", max_length=20, blank=True)
    kind = models.CharField("类别", max_length=10, choices=UserKind, default=UserKind.PERSON)
    password_changed_at = models.DateTimeField("密码修改时间", default=timezone.now)
    must_change_password = models.BooleanField("须修改密码", default=False)
    one_time_until = models.DateTimeField("一次性密码有效期至", null=True, blank=True)

    objects = Users()  # type: ignore[misc]

    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = "用户"
        verbose_name_plural = "用户"
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="accounts_user_username_any_case",
                violation_error_message="已有同名用户（不区分大小写），请换一个用户名。",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=UserKind.values),
                name="accounts_user_kind_known",
            ),
        ]
        triggers = [
            *marked("accounts_user", "username", "name", "kind", "password", by_acts=True),
            *remembered_table("accounts_user", "is_active", "username", "name", "phone", "kind"),
        ]

    def __str__(self) -> str:
        return self.name

    def check_password(self, raw_password: str | None) -> bool:
        """Compare only: a password is hashed anew when it is changed, never silently at sign-in."""
        return check_password(raw_password, self.password)

    def get_full_name(self) -> str:
        """The name colleagues know the person by."""
        return self.name

    def get_short_name(self) -> str:
        """The same name: Chinese names are not shortened."""
        return self.name


class PasswordHistory(models.Model):
    """The hash of a password a person had; a new password may not be one of the last three."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "曾用密码"
        verbose_name_plural = "曾用密码"
        indexes = [models.Index(fields=["user", "-id"], name="accounts_password_recent")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at:%Y-%m-%d}"
