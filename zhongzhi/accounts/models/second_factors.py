"""What a person shows besides the password: codes of an authenticator, passkeys, recovery codes; and who must."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from zhongzhi.core.ciphers import CODE_BYTES
from zhongzhi.rows.remembered import remembered_table


class Authenticator(models.Model):
    """The secret an app on the phone makes codes of (TOTP, RFC 6238), sealed.

    It counts once a first code was right (`confirmed_at`). `last_step` is the half minute of the last code taken: that
    code and those before it are never taken again.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="authenticator")
    secret = models.BinaryField(max_length=200)
    confirmed_at = models.DateTimeField("启用时间", null=True)
    last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "动态码"
        verbose_name_plural = "动态码"
        triggers = remembered_table("accounts_authenticator", "user_id", "confirmed_at")

    def __str__(self) -> str:
        return f"{self.user_id}"

    @property
    def place(self) -> str:
        """Where the secret belongs, for its seal."""
        return f"accounts.authenticator:{self.user_id}:secret"


class Passkey(models.Model):
    """A key of the person's device or token (WebAuthn): the public half, and how often it was used."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField(max_length=2000)
    sign_count = models.BigIntegerField(default=0)
    name = models.CharField("名称", max_length=50)
    created_at = models.DateTimeField("登记时间", default=timezone.now)
    last_used_at = models.DateTimeField("最近使用", null=True)

    class Meta:
        verbose_name = "通行密钥"
        verbose_name_plural = "通行密钥"
        triggers = remembered_table("accounts_passkey", "user_id")

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A code on paper for the day the phone is lost: kept as a keyed hash, good once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(max_length=CODE_BYTES)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "恢复码"
        verbose_name_plural = "恢复码"
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="accounts_recovery_code_once")]
        triggers = remembered_table("accounts_recoverycode", "user_id", "used_at")

    def __str__(self) -> str:
        return f"{self.user_id}"


class SecondFactorRule(models.Model):
    """Whoever holds this role shows a second factor, from this day on; until then the page only asks to set it up."""

    role = models.CharField("岗位", max_length=20, unique=True)
    starts_on = models.DateField("起始日期")

    class Meta:
        verbose_name = "二次验证规则"
        verbose_name_plural = "二次验证规则"
        triggers = remembered_table("accounts_secondfactorrule")

    def __str__(self) -> str:
        return f"{self.role} {self.starts_on}"
