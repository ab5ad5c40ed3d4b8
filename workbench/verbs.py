"""What the trail calls each act that is done across apps."""

from zhongzhi.audit.verbs import AuditVerb


class Verb(AuditVerb):
    """Acts on walls, of who runs the installation, and what the auditor looked at."""

    SCREEN_LINK_MADE = "screen_link_made", "生成大屏链接"
    SCREEN_LINK_REVOKED = "screen_link_revoked", "停用大屏链接"
    CUSTOM_TABLE_SAVED = "custom_table_saved", "保存报表"
    CUSTOM_TABLE_DISCARDED = "custom_table_discarded", "删除报表"
    TRAIL_READ = "trail_read", "审计：查阅留痕"
    TRAIL_EXPORTED = "trail_exported", "审计：导出留痕"
    TRAIL_CHECK_ASKED = "trail_check_asked", "审计：核对留痕"
    LOOKS_READ = "looks_read", "审计：查阅个人信息查看情况"
    ALERTS_READ = "alerts_read", "审计：查阅预警"
    ALERT_SEEN = "alert_seen", "审计：预警已阅"
    ALERT_EXPLAINED = "alert_explained", "审计：预警已说明"
    WEBHOOK_OPENED = "webhook_opened", "建立推送"
    WEBHOOK_SECRET_RENEWED = "webhook_secret_renewed", "更换推送密钥"
    WEBHOOK_PAUSED = "webhook_paused", "暂停推送"
    WEBHOOK_RESUMED = "webhook_resumed", "恢复推送"
    WEBHOOK_ENDED = "webhook_ended", "停用推送"
    WEBHOOK_SENT_AGAIN = "webhook_sent_again", "重发推送"
    JOB_RETRIED = "job_retried", "重试作业"
    JOB_GIVEN_UP = "job_given_up", "放弃作业"
    MESSAGE_RETRIED = "message_retried", "重发待发消息"
    MESSAGE_GIVEN_UP = "message_given_up", "放弃待发消息"
    TEST_MESSAGE_SENT = "test_message_sent", "发送测试短信"
    BACKUP_CHECKED = "backup_checked", "核对备份"
    RETENTION_SET = "retention_set", "修改保存期限"
    RETENTION_SWEPT = "retention_swept", "到期清理"
