"""What the trail calls each act that is done across apps."""

from zhongzhi.audit.verbs import AuditVerb


class Verb(AuditVerb):
    """Acts on walls, and what the auditor looked at."""

    SCREEN_LINK_MADE = "screen_link_made", "生成大屏链接"
    SCREEN_LINK_REVOKED = "screen_link_revoked", "停用大屏链接"
    TRAIL_READ = "trail_read", "审计：查阅留痕"
    TRAIL_EXPORTED = "trail_exported", "审计：导出留痕"
    TRAIL_CHECK_ASKED = "trail_check_asked", "审计：核对留痕"
    LOOKS_READ = "looks_read", "审计：查阅个人信息查看情况"
    ALERTS_READ = "alerts_read", "审计：查阅预警"
    ALERT_SEEN = "alert_seen", "审计：预警已阅"
    ALERT_EXPLAINED = "alert_explained", "审计：预警已说明"
