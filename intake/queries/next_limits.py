"""What has to be done next in a case, and by when: one sentence for who has just moved it."""

from intake.deadlines.models import Clock, ClockKind
from intake.lifecycle import State
from intake.models import Case
from zhongzhi.web.written_days import short_moment

FOLLOWING = {
    State.REGISTERED: (ClockKind.TRIAGE, "请在 {} 前受理"),
    State.ACCEPTED: (ClockKind.DISPATCH, "请在 {} 前交办"),
    State.DISPATCHED: (ClockKind.SIGN, "承办单位须在 {} 前签收"),
    State.HANDLING: (ClockKind.HANDLE, "请在 {} 前反馈办理结果"),
    State.CONCLUDED: (ClockKind.REVIEW, "中心须在 {} 前审核"),
    State.CLOSED: (ClockKind.FOLLOW_UP, "请在 {} 前回访当事人"),
}


def next_limit_in_words(case: Case, *, unless: State | None = None) -> str:
    """What follows in the state in which the case is now; empty where no limit runs for it, and in one state."""
    state = State(Case.objects.values_list("status", flat=True).get(pk=case.pk))
    if state not in FOLLOWING or state == unless:
        return ""
    kind, words = FOLLOWING[state]
    running = Clock.objects.filter(case=case, kind=kind, stopped_at=None, paused_at=None)
    due = running.order_by("due_at").values_list("due_at", flat=True).first()
    return words.format(short_moment(due)) if due else ""
