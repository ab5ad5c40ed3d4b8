"""Papers of the beginning: application, register, rights and duties, identity, powers of attorney."""

from intake.models import PartyRole, PartySide
from intake.queries.guardians import acting_name
from intake.queries.violence import contact_on_papers
from mediation.documents.facts import PERSON_HEAD, Facts, person_line, signer_words
from mediation.documents.form import Fields, Grid, Paper, Pictures, Prose, Signs
from mediation.models import MaterialKind
from zhongzhi.core.paper_dates import paper_day


def application(facts: Facts) -> list[Paper]:
    """调解申请书."""
    case, words = facts.mediation.case, facts.instrument
    people = Grid(PERSON_HEAD, [person_line(p) for p in facts.acting])
    applicants = [(signer_words(p, facts.parties), "") for p in facts.side(PartySide.APPLICANT)]
    blocks = (
        people,
        Prose("纠纷简要情况", case.narrative),
        Prose("申请事项", case.request or f"请求依法调解{facts.dispute}。"),
        Prose("", facts.says("application", facts.mediation.opened_at)),
        Signs([*applicants, ("申请日期", paper_day(facts.mediation.opened_at))]),
    )
    return [Paper("application", f"{words.name}申请书", number=str(case.code), blocks=blocks)]


def register(facts: Facts) -> list[Paper]:
    """调解受理登记表."""
    mediation, case = facts.mediation, facts.mediation.case
    category = case.category
    pairs = [
        ("案件编号", str(case.code)),
        ("受理日期", paper_day(mediation.opened_at)),
        ("来源", mediation.get_origin_display()),
        ("委派（移交）单位", str(mediation.entrusted_by or "—")),
        ("纠纷类别", f"{category.code} {category.name}" if category else ""),
        ("发生地", case.territory.full_name if case.territory else ""),
        ("详细地点", case.place_detail or "—"),
        ("涉及金额（元）", str(case.amount) if case.amount is not None else "—"),
        ("调解组织", mediation.body.seal),
        ("调解方式", mediation.get_mode_display()),
        ("联动模式", str(mediation.team or "—")),
        ("调解员", facts.mediator_names),
    ]
    consents = mediation.consents.select_related("party").order_by("pk")
    told = [[acting_name(c.party), "同意" if c.agreed else "不同意", paper_day(c.on), c.how or "—"] for c in consents]
    blocks = (
        Fields(pairs),
        Grid(PERSON_HEAD, [person_line(p) for p in facts.acting]),
        Prose("纠纷简要情况", case.narrative),
        Prose("当事人诉求", case.request or "—"),
        Grid(("当事人", "是否同意调解", "表态日期", "方式"), told or [["—", "—", "—", "—"]]),
        Signs([("登记人", mediation.opened_by.name), ("登记日期", paper_day(mediation.opened_at))]),
    )
    return [Paper("register", f"{facts.instrument.name}受理登记表", number=str(case.code), blocks=blocks)]


def rights(facts: Facts) -> list[Paper]:
    """权利义务告知书."""
    mediation, words = facts.mediation, facts.instrument
    names = [(signer_words(p, facts.parties), "") for p in facts.principals]
    told = [("告知人", facts.mediator_names), ("告知日期", paper_day(mediation.rights_told_on))]
    text = facts.says("rights", mediation.rights_told_on or mediation.opened_at)
    blocks = (Prose("", text), Signs([*names, *told]))
    return [Paper("rights", f"{words.name}权利义务告知书", number=str(mediation.case.code), blocks=blocks)]


def identity(facts: Facts) -> list[Paper]:
    """当事人身份证明: the numbers as registered, and the papers that were shown."""
    people = Grid(PERSON_HEAD, [person_line(p) for p in facts.parties])
    shown = [
        (m.attachment.file, f"{m.party.shown_name if m.party else ''} {m.attachment.file.name}".strip())
        for m in facts.materials
        if m.kind == MaterialKind.IDENTITY
    ]
    note = Prose("", facts.says("identity", facts.mediation.opened_at))
    blocks = (people, note, Pictures(shown)) if shown else (people, note)
    return [Paper("identity", "当事人身份证明", blocks=blocks)]


def authorisation(facts: Facts) -> list[Paper]:
    """授权委托书: one for each agent, with the signed ones that were handed in."""
    files = [(a.file, a.file.name) for a in facts.files_of(MaterialKind.AUTHORISATION)]
    papers = []
    for agent in [p for p in facts.parties if p.role == PartyRole.AGENT]:
        principal = agent.represents.shown_name if agent.represents else ""
        named = {"principal": principal, "agent": agent.shown_name}
        words = facts.says("authorisation", facts.mediation.opened_at, **named)
        pairs = Fields(
            [
                ("委托人", principal),
                ("受委托人", agent.shown_name),
                ("受委托人证件号码", agent.paper_number or "未登记"),
                ("受委托人电话", contact_on_papers(agent)[0] or "未登记"),
            ]
        )
        signs = Signs([(f"委托人 {principal}", ""), (f"受委托人 {agent.shown_name}", ""), ("日期", "")])
        blocks = (pairs, Prose("委托事项和权限", words), signs)
        papers.append(Paper(f"authorisation-{agent.pk}", "授权委托书", blocks=blocks))
    if files:
        papers.append(Paper("authorisation-signed", "授权委托书（签名件）", blocks=(Pictures(files),)))
    return papers
