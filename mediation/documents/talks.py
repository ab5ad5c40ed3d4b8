"""Papers of the talks: surveys, evidence, records of sessions, the end without an agreement."""

from decimal import Decimal

from intake.models import Road
from mediation.documents.facts import Facts, moment, signer_words
from mediation.documents.form import Block, Fields, Grid, Paper, Pictures, Prose, Signs
from mediation.models import MaterialKind, Session, SessionKind
from mediation.queries.roads import road_words
from zhongzhi.core.paper_dates import paper_day


def investigation(facts: Facts) -> list[Paper]:
    """调查记录: one for each visit to the place, with what was measured beside the ledger, and photographs."""
    return [
        Paper(f"investigation-{s.pk}", f"{facts.instrument.name}调查记录", number=f"第{n}次", blocks=_survey(facts, s))
        for n, s in enumerate(_held(facts, SessionKind.SURVEY), 1)
    ]


def record(facts: Facts) -> list[Paper]:
    """调解记录: one for each session."""
    met = _held(facts, SessionKind.MEETING, SessionKind.BACK_TO_BACK)
    signed = [(a.file, a.file.name) for a in facts.files_of(MaterialKind.SIGNED_RECORD)]
    papers = [
        Paper(f"record-{s.pk}", f"{facts.instrument.name}记录", number=f"第{n}次", blocks=_meeting(s))
        for n, s in enumerate(met, 1)
    ]
    if signed:
        papers.append(Paper("record-signed", f"{facts.instrument.name}记录（签字件）", blocks=(Pictures(signed),)))
    return papers


def evidence(facts: Facts) -> list[Paper]:
    """证据材料: a list, then the pieces."""
    files = facts.files_of(MaterialKind.EVIDENCE, MaterialKind.SURVEY, MaterialKind.OTHER)
    rows = [[str(n), a.file.name, a.note or "—", a.added_at.date().isoformat()] for n, a in enumerate(files, 1)]
    pictures = Pictures([(a.file, f"证据 {n}　{a.file.name}") for n, a in enumerate(files, 1)])
    blocks = (Grid(("序号", "名称", "类别", "收入日期"), rows), pictures)
    return [Paper("evidence", "证据材料", blocks=blocks)]


def termination(facts: Facts) -> list[Paper]:
    """终结调解告知书: why it ended, which roads are open, which was taken."""
    mediation = facts.mediation
    roads = tuple(f"{Road(road).label}：{road_words(road)}" for road in mediation.told_roads)
    told = facts.says("termination", mediation.ended_at, roads=roads)
    taken = Road(mediation.road).label if mediation.road else "继续由承办单位办理"
    blocks = (
        Fields([("终结日期", paper_day(mediation.ended_at)), ("原因", mediation.get_end_reason_display())]),
        Prose("情况说明", mediation.end_note),
        Prose("已告知当事人可以走的途径", told),
        Fields([("当事人采取的途径", taken)]),
        Signs(
            [
                *((f"{signer_words(p, facts.parties)} 签收", "") for p in facts.principals),
                (facts.instrument.mediator, facts.mediator_names),
                (facts.mediation.body.seal, f"（盖章）　{paper_day(mediation.ended_at)}"),
            ]
        ),
    )
    return [Paper("termination", "终结调解告知书", number=str(mediation.case.code), blocks=blocks)]


def _held(facts: Facts, *kinds: str) -> list[Session]:
    return [s for s in facts.sessions if s.kind in kinds]


def _meeting(session: Session) -> tuple[Block, ...]:
    return (
        Fields(_head(session)),
        Grid(("参加人", "身份", "是否到场"), _people(session)),
        Prose("调解记录", session.record),
        Prose("查明的事实", session.facts or "—"),
        Prose("调解结果", f"{session.get_result_display()}。{session.result_note}".strip()),
        Signs(_signs(session)),
    )


def _survey(facts: Facts, session: Session) -> tuple[Block, ...]:
    head = ("测量项目", "当事人", "台账数", "实测数", "差额", "单位", "说明")
    rows = [
        [
            m.what,
            m.party.shown_name if m.party else "—",
            _number(m.by_ledger),
            _number(m.measured),
            _number(m.measured - m.by_ledger) if m.by_ledger is not None else "—",
            m.unit,
            m.note or "—",
        ]
        for m in session.measurements.all()
    ]
    photos = [
        (m.attachment.file, f"现场照片　{m.attachment.file.name}")
        for m in facts.materials
        if m.session_id == session.pk and m.kind == MaterialKind.SURVEY
    ]
    blocks: list[Block] = [Fields(_head(session)), Grid(("参加人", "身份", "是否到场"), _people(session))]
    blocks += [Grid(head, rows)] if rows else []
    blocks += [Prose("勘查记录", session.record), Prose("查明的事实", session.facts or "—")]
    blocks += [Pictures(photos)] if photos else []
    return (*blocks, Signs(_signs(session)))


def _head(session: Session) -> list[tuple[str, str]]:
    mediators = [b.mediator.name for b in session.bookings.all() if b.mediator]
    return [
        ("时间", f"{moment(session.starts_at)} 至 {moment(session.ends_at)}"),
        *([("补录", f"{moment(session.entered_at)} 录入")] if session.entered_at else []),
        ("地点", session.where),
        ("类型", session.get_kind_display()),
        ("调解员", "、".join(mediators)),
        ("记录人", session.recorder or "、".join(mediators)),
    ]


def _people(session: Session) -> list[list[str]]:
    came = {True: "到场", False: "未到场", None: "—"}
    return [[a.shown_name, a.capacity or "—", came[a.came]] for a in session.attendees.all()]


def _signs(session: Session) -> list[tuple[str, str]]:
    people = [(f"{a.capacity} {a.shown_name}".strip(), "") for a in session.attendees.all() if a.came]
    return [*people, ("调解员", ""), ("记录人", "")]


def _number(value: Decimal | None) -> str:
    return "—" if value is None else f"{value.normalize():f}"
