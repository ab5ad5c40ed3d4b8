"""Writing the trail, sealing it, gathering marks of contents, and putting the seals outside of the database."""

from zhongzhi.audit.actions.adopting import adopt_contents
from zhongzhi.audit.actions.anchoring import anchor_seals, note_restored_trail, vouch_for_anchors
from zhongzhi.audit.actions.checking import ask_check, begin_check, is_check_due
from zhongzhi.audit.actions.gathering import gather_all, gather_marks
from zhongzhi.audit.actions.recording import AuditEvent, record, record_all, record_first, record_first_all
from zhongzhi.audit.actions.sealing import seal_heads
from zhongzhi.audit.actions.vouching import TrailBroken, left_to_vouch, vouch_for_older_keys

__all__ = [
    "AuditEvent",
    "TrailBroken",
    "adopt_contents",
    "anchor_seals",
    "ask_check",
    "begin_check",
    "gather_all",
    "gather_marks",
    "is_check_due",
    "left_to_vouch",
    "note_restored_trail",
    "record",
    "record_all",
    "record_first",
    "record_first_all",
    "seal_heads",
    "vouch_for_anchors",
    "vouch_for_older_keys",
]
