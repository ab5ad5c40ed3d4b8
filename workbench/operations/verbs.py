"""What the trail calls each act on the installation."""

from zhongzhi.audit.verbs import AuditVerb


class Verb(AuditVerb):
    """Acts of whoever runs the servers."""

    RESTORED = "restored_from_backup", "由备份恢复"
    KEYS_ROTATED = "keys_rotated", "更换密钥"
