"""What of mediation is told to those alone who are asked for something, or whose request is answered."""

from intake.extension_points import Told

TOLD = (
    Told("mediation_opened", "请您调解", "调解员"),
    Told("mediation_over", "调解取消", "调解员"),
    Told("mediation_failed", "调解未达成协议", "承办单位"),
    Told("mediation_agreed", "调解达成协议", "承办单位"),
    Told("session_planned", "安排会期", "调解员"),
    Told("session_to_phone", "没有手机的当事人，请电话通知", "调解员"),
    Told("obligation_near", "协议快到履行期", "调解员"),
    Told("obligation_broken", "协议到期未履行", "调解员、研判分流岗"),
    Told("confirmation", "司法确认的进展", "调解员"),
    Told("confirmation_near", "申请司法确认快到期", "调解员"),
)
