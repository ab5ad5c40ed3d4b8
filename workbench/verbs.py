"""What the trail calls each act that is done across apps."""

from zhongzhi.audit.verbs import AuditVerb


class Verb(AuditVerb):
    """Acts on walls."""

    SCREEN_LINK_MADE = "screen_link_made", "生成大屏链接"
    SCREEN_LINK_REVOKED = "screen_link_revoked", "停用大屏链接"
