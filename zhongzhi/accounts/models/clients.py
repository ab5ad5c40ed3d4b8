"""Outside systems that call the API, and the tokens they show."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from zhongzhi.core.ciphers import CODE_BYTES, unseal


class Scope(models.TextChoices):
    """What an outside system may be allowed to do. Where it may do so comes from its posting."""

    CASES_READ = "cases:read", "读取案件"
    CASES_WRITE = "cases:write", "登记、补充案件（合一）"
    CASES_REGISTER = "cases:register", "登记、导入案件"
    CASES_SUPPLEMENT = "cases:supplement", "补充、撤回自己登记的案件，上传附件"
    CASES_HANDLE = "cases:handle", "签收、退回、延期、反馈本单位承办的案件"
    REFERRALS_ANSWER = "referrals:answer", "签收、答复发给本单位的单函"
    MEDIATIONS_WRITE = "mediations:write", "办理本单位主持的调解"
    PERSONAL_READ = "personal:read", "读取个人信息"
    STATS_READ = "stats:read", "读取统计"
    ROSTER_READ = "roster:read", "读取网格台账"
    ROSTER_WRITE = "roster:write", "维护网格台账"
    PEOPLE_READ = "people:read", "读取人员与岗位"
    CHANGES_READ = "changes:read", "读取变更流"


COMBINED: Mapping[str, frozenset[str]] = MappingProxyType({
    Scope.CASES_WRITE: frozenset({Scope.CASES_REGISTER, Scope.CASES_SUPPLEMENT}),
})  # fmt: skip
"""Scopes that stand for several others."""


def with_combined(scopes: Iterable[str]) -> frozenset[str]:
    """These scopes, and those that they stand for."""
    given = frozenset(scopes)
    return given.union(*(COMBINED.get(scope, ()) for scope in given))


class ClientSight(models.TextChoices):
    """Which cases an outside system sees; each of them without names, until it asks for a person's data."""

    OWN = "own", "只看自己登记的案件"
    ORGANISATION = "organisation", "任职单位的案件"
    SUBTREE = "subtree", "任职单位所在区划（含下级）的案件"


SENDER_LENGTH = 30


class ApiClient(models.Model):
    """An outside system with its service user, its scopes and the day its permission ends (inclusive).

    `sender` is the name under which its numbers are kept, its own alone; empty: its name.
    `channel` is the source that all it registers has, and `highest_risk` the gravest grade it may give (codes of the
    case); empty: as it says itself.
    """

    name = models.CharField("名称", max_length=100, unique=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_client")
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), verbose_name="接口权限", default=list)
    sight = models.CharField(
        "查看范围",
        max_length=12,
        choices=ClientSight,
        default=ClientSight.ORGANISATION,
        db_default=ClientSight.ORGANISATION,
    )
    channel = models.CharField("来源渠道", max_length=12, blank=True, default="", db_default="")
    highest_risk = models.CharField("最高风险等级", max_length=6, blank=True, default="", db_default="")
    sender = models.CharField("来源系统名", max_length=SENDER_LENGTH, blank=True, default="", db_default="")
    signing_sealed = models.BinaryField("签名密钥", null=True, blank=True, editable=False)
    networks = ArrayField(models.CharField(max_length=43), verbose_name="来源地址段", default=list, blank=True)
    ends_on = models.DateField("有效期至", null=True, blank=True)
    is_active = models.BooleanField("启用", default=True)
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "接口客户端"
        verbose_name_plural = "接口客户端"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=Scope.values),
                name="accounts_client_scopes_known",
            ),
            models.UniqueConstraint(
                fields=["sender"],
                condition=~models.Q(sender=""),
                name="accounts_client_sender_once",
                violation_error_message="已有外部系统使用这个来源系统名。",
            ),
            models.CheckConstraint(
                condition=models.Q(sight__in=ClientSight.values), name="accounts_client_sight_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def own_sender(self) -> str:
        """Under which name its numbers are kept."""
        return self.sender or self.name[:SENDER_LENGTH]

    @property
    def signing_place(self) -> str:
        """What its signing key is sealed for."""
        return f"accounts.client.signing:{self.pk}"

    @property
    def signing_secret(self) -> str:
        """The key with which its calls are to be signed; empty where they need not be."""
        return unseal(self.signing_sealed, aad=self.signing_place) if self.signing_sealed else ""

    narrowed_to: frozenset[str] | None = None
    """What the token that was shown opens, where that is less; never kept."""

    @property
    def held_scopes(self) -> frozenset[str]:
        """Its scopes, and those that they stand for; of these what the token that was shown opens."""
        held = with_combined(self.scopes)
        return held if self.narrowed_to is None else held & self.narrowed_to


class ApiToken(models.Model):
    """A token as kept: a short prefix to find it by and a keyed hash; the token itself is shown once.

    `scopes` are those of its client's that it opens; None: all of them.
    """

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="tokens")
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.BinaryField(max_length=CODE_BYTES)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), verbose_name="接口权限", null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "接口令牌"
        verbose_name_plural = "接口令牌"

    def __str__(self) -> str:
        return f"zz_{self.prefix}_…"

    @property
    def scope_labels(self) -> list[str]:
        """What it opens of what its client holds, where that is less; empty: all of it."""
        return [str(Scope(scope).label) for scope in self.scopes or ()]
