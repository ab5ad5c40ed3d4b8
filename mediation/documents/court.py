"""Papers for and from the court: the joint application for confirmation, and what became of it."""

from mediation.documents.facts import PERSON_HEAD, Facts, day, person_line
from mediation.documents.form import Block, Fields, Grid, Paper, Pictures, Prose, Signs
from mediation.lifecycle import ConfirmationState
from mediation.models import Confirmation, MaterialKind


def confirmation(facts: Facts) -> list[Paper]:
    """司法确认材料: each application with its result, and the court's papers."""
    files = [(a.file, a.file.name) for a in facts.files_of(MaterialKind.CONFIRMATION)]
    papers = [
        Paper(f"confirmation-{c.pk}", "司法确认申请书", number=c.case_number, blocks=_application(facts, c))
        for c in facts.confirmations
    ]
    if files:
        papers.append(Paper("confirmation-papers", "司法确认裁定等材料", blocks=(Pictures(files),)))
    return papers


def _application(facts: Facts, made: Confirmation) -> tuple[Block, ...]:
    agreement = facts.agreement
    number = agreement.number if agreement else ""
    words = (
        f"申请人因“{facts.mediation.case.title}”纠纷，经{facts.mediation.body.seal}主持调解，达成调解协议（{number}）。"
        "申请人出于解决纠纷的目的自愿达成协议，没有恶意串通、规避法律的行为；如因协议内容损害他人，愿承担相应责任。"
        "现共同申请人民法院确认该协议。"
    )
    applicants = list(made.applicants.order_by("ordinal", "pk"))
    return (
        Fields([("受理法院", made.court.name), ("申请日期", day(made.applied_on))]),
        Grid(PERSON_HEAD, [person_line(p) for p in applicants]),
        Prose("申请事项和理由", words),
        Fields(_course(made)),
        Signs([*((f"申请人 {p.shown_name}", "（签名或按指印）") for p in applicants), ("日期", day(made.applied_on))]),
    )


def _course(made: Confirmation) -> list[tuple[str, str]]:
    return [
        ("办理状态", ConfirmationState(made.status).label),
        ("案号", made.case_number or "—"),
        ("法院应答复日期", day(made.accept_by)),
        ("受理（不予受理）日期", day(made.accepted_on) or "—"),
        ("应作出裁定日期", day(made.decide_by) or "—"),
        ("裁定日期", day(made.ruled_on) or "—"),
        ("不予受理、驳回的理由", made.refusal or "—"),
    ]
