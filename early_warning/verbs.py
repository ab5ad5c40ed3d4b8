"""What the trail calls each act on warnings and their rules."""

from zhongzhi.audit.verbs import AuditVerb


class Verb(AuditVerb):
    """Acts on warnings, rules and words of danger."""

    RAISED = "warning_raised", "预警"
    SEEN = "warning_seen", "查看预警"
    CONFIRMED = "warning_confirmed", "核实预警属实"
    DISMISSED = "warning_dismissed", "排除预警"
    ENDED = "warning_ended", "预警跟踪完毕"
    RULE_CHANGED = "warning_rule_changed", "修改预警规则"
    RULE_STOPPED = "warning_rule_stopped", "停用预警规则"
    RULE_CHANGE_WITHDRAWN = "warning_rule_change_withdrawn", "撤回预警规则的修改"
    WORD_ADDED = "danger_word_added", "增加危险言辞"
    WORD_REMOVED = "danger_word_removed", "停用危险言辞"
