"""What of mediation is told to those alone who are asked for something, or whose request is answered."""

from intake.extension_points import DirectNotice

DIRECT_NOTICES = (
    DirectNotice("mediation_opened", "请您调解", "调解员"),
    DirectNotice("mediation_over", "调解取消", "调解员"),
    DirectNotice("mediation_failed", "调解未达成协议", "承办单位"),
    DirectNotice("mediation_agreed", "调解达成协议", "承办单位"),
    DirectNotice("session_planned", "安排会期", "调解员"),
    DirectNotice("session_to_phone", "没有手机的当事人，请电话通知", "调解员"),
    DirectNotice("obligation_near", "协议快到履行期", "调解员"),
    DirectNotice("obligation_broken", "协议到期未履行", "调解员、研判分流岗"),
    DirectNotice("confirmation", "司法确认的进展", "调解员"),
    DirectNotice("confirmation_near", "申请司法确认快到期", "调解员"),
)
