"""The security log: what happened around signing in, kept apart from the trail of cases."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from zhongzhi.rows.marks import mark_of
from zhongzhi.rows.triggers import Function, append_only

REFUSE = Function(
    "accounts_security_log_refuse",
    """    IF TG_OP = 'DELETE' THEN
        IF OLD.at < now() - interval '183 days' THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the security log is append-only' USING ERRCODE = 'insufficient_privilege';""",
)
"""Half a year is kept whatever is asked; older lines go beside an entry of the trail, or it counts as tampering."""


class SecurityKind(models.TextChoices):
    """What can happen to an account."""

    LOGGED_IN = "logged_in", "登录"
    LOGIN_FAILED = "login_failed", "登录失败"
    LOCKED_OUT = "locked_out", "登录锁定"
    LOGGED_OUT = "logged_out", "退出"
    FACTOR_FAILED = "factor_failed", "二次验证失败"
    FACTOR_ADDED = "factor_added", "启用二次验证"
    FACTOR_REMOVED = "factor_removed", "停用二次验证"
    FACTOR_RESET = "factor_reset", "重置二次验证"
    RECOVERY_CODES_MADE = "recovery_codes_made", "生成恢复码"
    IDENTITY_CONFIRMED = "identity_confirmed", "再次验证身份"
    SSO_REFUSED = "sso_refused", "统一认证被拒"
    FACTOR_RULES_CHANGED = "factor_rules_changed", "调整二次验证规则"
    SESSION_EXPIRED = "session_expired", "会话到期"
    SESSION_ENDED = "session_ended", "结束会话"
    USER_CREATED = "user_created", "新建用户"
    PASSWORD_CHANGED = "password_changed", "修改密码"
    SCOPES_CHANGED = "scopes_changed", "调整接口权限"
    TOKEN_ISSUED = "token_issued", "发放令牌"
    PASSWORD_RESET = "password_reset", "重置密码"
    UNLOCKED = "unlocked", "解除锁定"
    RULE_CHANGED = "rule_changed", "调整安全规则"
    CLIENT_NETWORKS_CHANGED = "client_networks", "调整接口来源地址"
    DORMANCY_REVIEWED = "dormancy_reviewed", "长期未用账号复核"
    ADDRESS_REFUSED = "address_refused", "来源地址被拒"
    SIGNING_CHANGED = "signing_changed", "调整接口签名"
    TOKEN_REVOKED = "token_revoked", "吊销令牌"


class SecurityEvent(models.Model):
    """One line of the log, only ever added."""

    kind = models.CharField("事件", max_length=20, choices=SecurityKind)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="security_events"
    )
    username = models.CharField("用户名", max_length=150, blank=True)
    ip = models.GenericIPAddressField("来源地址", null=True)
    detail = models.CharField("说明", max_length=200, blank=True)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "安全日志"
        verbose_name_plural = "安全日志"
        indexes = [
            models.Index(fields=["user", "-id"], name="accounts_security_by_user"),
            models.Index(fields=["username", "-at"], name="accounts_security_by_name"),
            models.Index(fields=["ip", "-at"], name="accounts_security_by_ip"),
        ]
        triggers = [
            *append_only("accounts_security_log", REFUSE),
            mark_of("accounts_security_log", "kind", "user", "username", "ip", "detail", "at", by_acts=True),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.username}"
