"""Papers of the agreement: the agreement itself, performance, follow-ups."""

from intake.models import PartySide
from mediation.documents.facts import PERSON_HEAD, Facts, day, person_line
from mediation.documents.form import Block, Fields, Grid, Paper, Pictures, Prose, Signs
from mediation.models import Agreement, AgreementForm, Instalment, MaterialKind, SigningKind

OWED_HEAD = ("项", "义务人", "权利人", "种类", "内容", "金额（元）", "履行期限")


def agreement(facts: Facts) -> list[Paper]:
    """人民调解协议书, with its signatures and seal (人民调解法 art. 29), and the signed one that was scanned."""
    made = facts.agreement
    if made is None or made.form != AgreementForm.WRITTEN:
        return []
    copies = len(facts.side(PartySide.APPLICANT, PartySide.RESPONDENT)) + 1
    ending = (
        "本协议自各方当事人签名、盖章或者按指印，人民调解员签名并加盖调解组织印章之日起生效。"
        f"一式{copies}份，当事人各执一份，调解组织存档一份。"
    )
    blocks = (*_body(facts, made), Prose("生效和份数", ending), Signs(_signatures(facts, made)))
    papers = [Paper("agreement", "人民调解协议书", number=str(made.number), blocks=blocks)]
    signed = [(a.file, a.file.name) for a in facts.files_of(MaterialKind.SIGNED_AGREEMENT)]
    if signed:
        papers.append(Paper("agreement-signed", "人民调解协议书（签字盖章件）", blocks=(Pictures(signed),)))
    return papers


def oral(facts: Facts) -> list[Paper]:
    """人民调解口头协议登记表 (人民调解法 art. 30)."""
    made = facts.agreement
    if made is None or made.form != AgreementForm.ORAL:
        return []
    signs = Signs(
        [
            ("调解员", facts.mediator_names),
            ("登记日期", day(made.reached_on)),
            ("调解组织（盖章）", facts.mediation.body.seal),
        ]
    )
    blocks = (*_body(facts, made), Prose("生效", "口头调解协议自各方当事人达成协议之日起生效。"), signs)
    return [Paper("oral", "人民调解口头协议登记表", number=str(made.number), blocks=blocks)]


def performance(facts: Facts) -> list[Paper]:
    """履行凭证: every part that was due, what was done, the proofs."""
    head = ("项", "义务人", "内容", "期限", "应付（元）", "履行日期", "已付（元）", "履行情况")
    rows = [row for part in facts.instalments for row in _performed(part)]
    proofs = [
        (proof.attachment.file, f"{part.obligation.ordinal}-{part.ordinal}　{proof.attachment.file.name}")
        for part in facts.instalments
        for done in part.performances.all()
        for proof in done.proofs.all()
        if proof.attachment.removed_at is None
    ]
    blocks: list[Block] = [Grid(head, rows)]
    blocks += [Pictures(proofs)] if proofs else []
    made = facts.agreement
    if made and made.road:
        blocks.append(Fields([("转入途径", made.get_road_display()), ("说明", made.road_note)]))
    return [Paper("performance", "调解协议履行情况及凭证", number=str(made.number) if made else "", blocks=blocks)]


def follow_up(facts: Facts) -> list[Paper]:
    """人民调解回访记录."""
    rows = [
        [
            day(f.made_at),
            f.get_way_display(),
            "已联系上" if f.reached else "未联系上",
            f.get_performance_display() or "—",
            f.get_satisfaction_display() or "—",
            f.note or "—",
            f.made_by.name,
        ]
        for f in facts.follow_ups
    ]
    head = ("回访日期", "方式", "是否联系上", "履行情况", "满意度", "记录", "回访人")
    return [Paper("follow_up", "人民调解回访记录", number=str(facts.mediation.case.code), blocks=(Grid(head, rows),))]


def _body(facts: Facts, made: Agreement) -> tuple[Block, ...]:
    owed = [
        [
            f"{part.obligation.ordinal}" + (f"-{part.ordinal}" if part.obligation.amount else ""),
            part.obligation.debtor.shown_name,
            part.obligation.creditor.shown_name,
            part.obligation.get_kind_display(),
            part.obligation.what,
            str(part.amount) if part.amount is not None else "—",
            day(part.due_on),
        ]
        for part in facts.instalments
    ]
    return (
        Grid(PERSON_HEAD, [person_line(p) for p in facts.principals]),
        Prose("纠纷主要事实、争议事项", made.facts),
        Prose("经调解，自愿达成如下协议", made.terms),
        Grid(OWED_HEAD, owed),
        Prose("履行方式、地点、期限", made.manner or "按上表期限履行。"),
        Fields([("达成日期", day(made.reached_on)), ("生效日期", day(made.in_force_on))]),
    )


def _signatures(facts: Facts, made: Agreement) -> list[tuple[str, str]]:
    lines = []
    for signing in made.signings.select_related("party", "mediator").order_by("pk"):
        who = {
            SigningKind.PARTY: f"当事人 {signing.party.shown_name if signing.party else ''}",
            SigningKind.MEDIATOR: f"调解员 {signing.mediator or ''}",
            SigningKind.SEAL: f"调解组织 {facts.mediation.body.seal}",
        }[SigningKind(signing.kind)]
        lines.append((who, f"{signing.how}　{day(signing.signed_on)}"))
    return lines


def _performed(part: Instalment) -> list[list[str]]:
    owed = part.obligation
    first = [
        f"{owed.ordinal}-{part.ordinal}",
        owed.debtor.shown_name,
        owed.what,
        day(part.due_on),
        str(part.amount) if part.amount is not None else "—",
    ]
    done = [[day(p.on), str(p.amount) if p.amount is not None else "—", p.note] for p in part.performances.all()]
    return [[*first, *row] for row in done] or [[*first, "—", "—", "转入其他途径" if part.released_at else "未履行"]]
