"""What the trail calls what is done to an account; the security log tells it in more words."""

from zhongzhi.audit.verbs import AuditVerb


class Verb(AuditVerb):
    PASSWORD_CHANGED = "password_changed", "修改密码"
    PASSWORD_RESET = "password_reset", "重置密码"
