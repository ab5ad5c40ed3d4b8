"""Papers of the agreement: to be signed, in force, oral; performance, follow-ups."""

from collections.abc import Sequence

from intake.models import Party, PartySide
from intake.queries.guardians import acting_name
from mediation.documents.clauses import LAND_HEAD, annex_rows, clauses, land_rows, listed_creditors
from mediation.documents.facts import PERSON_HEAD, Facts, person_line, signer_words
from mediation.documents.form import Annex, Block, Fields, Grid, Heading, Paper, Pictures, Prose, Signs
from mediation.models import Agreement, AgreementForm, Instalment, MaterialKind, SigningKind
from mediation.queries.signatures import missing_signatures
from zhongzhi.core.paper_dates import paper_day

TO_SIGN = "草稿：供各方核对、签署，签齐并盖章后生效"
SIGN_HERE = "＿＿＿＿＿＿＿　　＿＿年＿月＿日"
SEAL_HERE = "（盖章）　　＿＿年＿月＿日"
IN_ANNEX = "在附件名单上逐一签名或者按指印"
ANNEX_HEAD = ("序号", "姓名", "证件号码、联系电话", "金额（元）或内容", "期限和各期金额", "签名或按指印")
NUMBERED_LATER = "（生效时编号）"


def agreement(facts: Facts) -> list[Paper]:
    """The agreement with its signatures and seal, and the signed one that was scanned."""
    made = facts.agreement
    if made is None or made.form != AgreementForm.WRITTEN:
        return []
    blocks = [*_body(facts, made), Signs(_given(facts, made)), *_annex(facts, made)]
    papers = [Paper("agreement", facts.instrument.agreement, number=str(made.number), blocks=blocks)]
    signed = [(a.file, a.file.name) for a in facts.files_of(MaterialKind.SIGNED_AGREEMENT)]
    if signed:
        title = f"{facts.instrument.agreement}（签字盖章件）"
        papers.append(Paper("agreement-signed", title, blocks=(Pictures(signed),)))
    return papers


def draft(facts: Facts) -> list[Paper]:
    """The agreement that is laid before the parties to sign: a draft by its mark, with a line for each who signs."""
    made = facts.draft
    if made is None:
        return []
    if made.form == AgreementForm.ORAL:
        return [_oral(facts, made, key="oral-draft", stage="草稿：登记生效前核对")]
    blocks = [*_body(facts, made), Signs([*_given(facts, made), *_wanted(made, facts)]), *_annex(facts, made)]
    title = facts.instrument.agreement
    return [Paper("agreement-draft", title, number=NUMBERED_LATER, blocks=blocks, stage=TO_SIGN)]


def oral(facts: Facts) -> list[Paper]:
    """口头协议登记表 (人民调解法 art. 30)."""
    made = facts.agreement
    if made is None or made.form != AgreementForm.ORAL:
        return []
    return [_oral(facts, made, key="oral")]


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
            paper_day(f.made_at),
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
    return [
        Paper(
            "follow_up",
            f"{facts.instrument.name}回访记录",
            number=str(facts.mediation.case.code),
            blocks=(Grid(head, rows),),
        )
    ]


def _oral(facts: Facts, made: Agreement, *, key: str, stage: str = "") -> Paper:
    instrument = facts.instrument
    force = facts.says("oral", facts.worded_on(made))
    if made.in_force_on:
        force += f"本协议于{paper_day(made.in_force_on)}生效。"
    signs = [
        (instrument.mediator, facts.mediator_names),
        ("登记日期", paper_day(made.reached_on)),
        ("调解组织（盖章）", facts.mediation.body.seal),
    ]
    blocks: list[Block] = [*_content(facts, made), Prose("生效", force), Signs(signs)]
    number = str(made.number) if made.number else NUMBERED_LATER
    return Paper(key, f"{instrument.name}口头协议登记表", number=number, blocks=blocks, stage=stage)


def _body(facts: Facts, made: Agreement) -> list[Block]:
    """The text of a written agreement; the day it took force is said only where it did."""
    on = facts.worded_on(made)
    copies = len(facts.side(PartySide.APPLICANT, PartySide.RESPONDENT)) + 1
    ending = f"{facts.says('effect', on)}\n{facts.says('worth', on)}{facts.says('copies', on, copies=str(copies))}"
    if made.in_force_on:
        ending += f"\n本协议于{paper_day(made.in_force_on)}生效。"
    return [*_content(facts, made), Prose("效力和份数", ending)]


def _content(facts: Facts, made: Agreement) -> list[Block]:
    """Who, what happened, what was agreed in the words of the parties and clause by clause."""
    parts = facts.instalments_of(made)
    owed = clauses(parts)
    text = "\n".join([made.terms, *(["各方应履行的义务如下：", *owed] if owed else [])])
    return [
        Grid(PERSON_HEAD, [*_group(listed_creditors(parts)), *_one_by_one(facts, parts)]),
        Prose("纠纷主要事实、争议事项", made.facts),
        Prose("经调解，自愿达成如下协议", text),
        *land_table(parts),
        Prose("履行方式、地点、期限", made.manner or "按上列各项的期限履行。"),
        Fields([("达成日期", paper_day(made.reached_on)), ("主持调解", facts.mediation.body.seal)]),
    ]


def land_table(parts: Sequence[Instalment]) -> list[Block]:
    """土地明细表, where parcels were measured."""
    rows = land_rows(parts)
    return [Heading("土地明细表"), Grid(LAND_HEAD, rows)] if rows else []


def _group(creditors: Sequence[Party]) -> list[list[str]]:
    """One line for the many whom the annex names."""
    if not creditors:
        return []
    first = creditors[0]
    return [[f"{first.get_side_display()}\n{first.shown_name}等{len(creditors)}人", "—", "—", "—", "见附件", "见附件"]]


def _one_by_one(facts: Facts, parts: Sequence[Instalment]) -> list[list[str]]:
    listed = {party.pk for party in listed_creditors(parts)}
    return [person_line(p) for p in facts.acting if p.pk not in listed]


def _annex(facts: Facts, made: Agreement) -> list[Block]:
    """The list of many creditors, on a page of its own, with a place for each to sign."""
    rows = annex_rows(facts.instalments_of(made))
    return [Annex("附件：权利人名单及履行明细"), Grid(ANNEX_HEAD, rows)] if rows else []


def _given(facts: Facts, made: Agreement) -> list[tuple[str, str]]:
    """The signatures that were given, each with its day."""
    lines = []
    for signing in made.signings.select_related("party", "mediator").order_by("pk"):
        who = {
            SigningKind.PARTY: signer_words(signing.party, facts.parties) if signing.party else "",
            SigningKind.MEDIATOR: f"{facts.instrument.mediator} {signing.mediator or ''}",
            SigningKind.SEAL: f"调解组织 {facts.mediation.body.seal}",
        }[SigningKind(signing.kind)]
        lines.append((who, f"{signing.how}　{paper_day(signing.signed_on)}"))
    return lines


def _wanted(made: Agreement, facts: Facts) -> list[tuple[str, str]]:
    """A line for each signature that is still missing."""
    parties = {party.pk: party for party in facts.parties}
    listed = {party.pk: party for party in listed_creditors(facts.instalments_of(made))}
    lines = []
    if listed:
        first = next(iter(listed.values()))
        lines.append((f"{first.get_side_display()} {first.shown_name}等{len(listed)}人", IN_ANNEX))
    for kind, pk, name in missing_signatures(made):
        if kind == SigningKind.PARTY and pk in listed:
            continue
        if kind == SigningKind.PARTY and pk in parties:
            lines.append((signer_words(parties[pk], facts.parties), SIGN_HERE))
        elif kind == SigningKind.MEDIATOR:
            lines.append((f"{facts.instrument.mediator} {name}", SIGN_HERE))
        else:
            lines.append((f"调解组织 {name}", SEAL_HERE))
    return lines


def _performed(part: Instalment) -> list[list[str]]:
    owed = part.obligation
    first = [
        f"{owed.ordinal}-{part.ordinal}",
        acting_name(owed.debtor),
        owed.what,
        paper_day(part.due_on),
        str(part.amount) if part.amount is not None else "—",
    ]
    done = [[paper_day(p.on), str(p.amount) if p.amount is not None else "—", p.note] for p in part.performances.all()]
    return [[*first, *row] for row in done] or [[*first, "—", "—", "转入其他途径" if part.released_at else "未履行"]]
