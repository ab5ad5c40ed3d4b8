"""The end without an agreement: why, what the parties were told, and the road that was taken."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from intake.actions import Report
from intake.actions.mediations import conclude_by_mediation
from intake.models import Outcome, Road
from intake.notifications import notify_handlers
from mediation.actions._locking import done, locked_for, move, require_open, text_of
from mediation.actions.closing_down import close_down
from mediation.lifecycle import Event
from mediation.models import EndReason, Mediation
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import RuleViolation


@transaction.atomic
def end_without_agreement(
    mediation: Mediation, *, actor: User, reason: str, note: str, told: Sequence[str], road: str = ""
) -> Mediation:
    """End a mediation that came to nothing; the parties are told which roads are open (人民调解法 art. 26).

    With a `road` the case ends as unresolved and led there, where nobody else works on it; without one it goes on
    with whoever has it in hand, and may be mediated again in another way.
    """
    mediation = locked_for(mediation, actor)
    require_open(mediation)
    if reason not in EndReason.values:
        raise RuleViolation("请选择未达成协议的原因。", field="reason")
    if not told or any(one not in Road.values for one in told):
        raise RuleViolation("请勾选已经告知当事人的途径（仲裁、诉讼、复议等），至少一项。", field="told")
    if road and road not in told:
        raise RuleViolation("当事人采取的途径应在已告知的途径之中。", field="road")
    text = text_of(note, field="note", what="终结说明", longest=2000)
    columns = {"end_reason": reason, "end_note": text, "told_roads": list(told), "road": road}
    move(mediation, Event.FAIL, ended_at=timezone.now(), **columns)
    close_down(mediation)
    _lead_on(mediation, actor)
    done(mediation, actor, Verb.FAILED, reason=reason, told=list(told), road=road)
    return mediation


def _lead_on(mediation: Mediation, actor: User) -> None:
    case, organisation = mediation.case, mediation.body.organisation
    words = f"{mediation.body}主持{mediation.get_mode_display()}，未达成协议：{EndReason(mediation.end_reason).label}。"
    report = Report(Outcome.UNRESOLVED, f"{words}{mediation.end_note}", mediation.road)
    if mediation.road and conclude_by_mediation(case, report, actor=actor, by=organisation):
        return
    if case.holder:
        notify_handlers(case, case.holder, f"mediation_failed_{mediation.pk}", "调解未达成协议，请继续办理")
