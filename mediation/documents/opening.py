"""Papers of the beginning: application, register, rights and duties, identity, powers of attorney."""

from intake.models import PartyRole, PartySide
from mediation.documents.facts import PERSON_HEAD, Facts, day, person_line
from mediation.documents.form import Fields, Grid, Paper, Pictures, Prose, Signs
from mediation.models import MaterialKind

RIGHTS = """一、当事人在调解活动中享有下列权利（人民调解法第二十三条）：
（一）选择或者接受人民调解员；
（二）接受调解、拒绝调解或者要求终止调解；
（三）要求调解公开进行或者不公开进行；
（四）自主表达意愿、自愿达成调解协议。
二、当事人在调解活动中履行下列义务（人民调解法第二十四条）：
（一）如实陈述纠纷事实；
（二）遵守调解现场秩序，尊重人民调解员；
（三）尊重对方当事人行使权利。
三、调解员与一方有利害关系、可能影响公正调解的，当事人有权要求其回避。
四、调解不收取任何费用。
五、调解协议具有法律约束力，当事人应当按照约定履行；各方可自协议生效之日起三十日内共同向人民法院申请司法确认。
六、调解不成的，可依法通过仲裁、行政、司法等途径维护权利；调解不妨碍当事人随时走其他法律途径。"""


def application(facts: Facts) -> list[Paper]:
    """人民调解申请书."""
    case = facts.mediation.case
    people = Grid(PERSON_HEAD, [person_line(p) for p in facts.principals])
    applicants = [(f"申请人 {p.shown_name}", "（签名、盖章或按指印）") for p in facts.side(PartySide.APPLICANT)]
    blocks = (
        people,
        Prose("纠纷简要情况", case.narrative),
        Prose("申请事项", case.request or case.title),
        Prose("", "人民调解委员会已将申请人民调解的相关规定告知我，现自愿申请人民调解委员会进行调解。"),
        Signs([*applicants, ("申请日期", day(facts.mediation.opened_at))]),
    )
    return [Paper("application", "人民调解申请书", number=str(case.code), blocks=blocks)]


def register(facts: Facts) -> list[Paper]:
    """人民调解受理登记表."""
    mediation, case = facts.mediation, facts.mediation.case
    category = case.category
    pairs = [
        ("案件编号", str(case.code)),
        ("受理日期", day(mediation.opened_at)),
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
    told = [[c.party.shown_name, "同意" if c.agreed else "不同意", day(c.on), c.how or "—"] for c in consents]
    blocks = (
        Fields(pairs),
        Grid(PERSON_HEAD, [person_line(p) for p in facts.principals]),
        Prose("纠纷简要情况", case.narrative),
        Prose("当事人诉求", case.request or "—"),
        Grid(("当事人", "是否同意调解", "表态日期", "方式"), told or [["—", "—", "—", "—"]]),
        Signs([("登记人", mediation.opened_by.name), ("登记日期", day(mediation.opened_at))]),
    )
    return [Paper("register", "人民调解受理登记表", number=str(case.code), blocks=blocks)]


def rights(facts: Facts) -> list[Paper]:
    """权利义务告知书."""
    mediation = facts.mediation
    names = [(f"当事人 {p.shown_name}", "（签名或按指印）") for p in facts.principals]
    told = day(mediation.rights_told_on) or "尚未告知"
    blocks = (Prose("", RIGHTS), Signs([*names, ("告知人", facts.mediator_names), ("告知日期", told)]))
    return [Paper("rights", "人民调解权利义务告知书", number=str(mediation.case.code), blocks=blocks)]


def identity(facts: Facts) -> list[Paper]:
    """当事人身份证明: the numbers as registered, and the papers that were shown."""
    people = Grid(PERSON_HEAD, [person_line(p) for p in facts.parties])
    shown = [
        (m.attachment.file, f"{m.party.shown_name if m.party else ''} {m.attachment.file.name}".strip())
        for m in facts.materials
        if m.kind == MaterialKind.IDENTITY
    ]
    note = Prose("", "以上证件信息由登记窗口核对；证件复印件或照片附后。")
    blocks = (people, note, Pictures(shown)) if shown else (people, note)
    return [Paper("identity", "当事人身份证明", blocks=blocks)]


def authorisation(facts: Facts) -> list[Paper]:
    """授权委托书: one for each agent, with the signed ones that were handed in."""
    files = [(a.file, a.file.name) for a in facts.files_of(MaterialKind.AUTHORISATION)]
    papers = []
    for agent in [p for p in facts.parties if p.role == PartyRole.AGENT]:
        principal = agent.represents.shown_name if agent.represents else ""
        words = (
            f"委托人{principal}因“{facts.mediation.case.title}”一案，委托{agent.shown_name}作为调解活动中的代理人，"
            "代为陈述事实、参加调解、协商和签署调解协议。代理权限以委托人签名的委托书为准。"
        )
        pairs = Fields(
            [
                ("委托人", principal),
                ("受委托人", agent.shown_name),
                ("受委托人证件号码", agent.paper_number or "未登记"),
                ("受委托人电话", agent.phone or "未登记"),
            ]
        )
        signs = Signs([(f"委托人 {principal}", "（签名）"), (f"受委托人 {agent.shown_name}", "（签名）"), ("日期", "")])
        blocks = (pairs, Prose("委托事项和权限", words), signs)
        papers.append(Paper(f"authorisation-{agent.pk}", "授权委托书", blocks=blocks))
    if files:
        papers.append(Paper("authorisation-signed", "授权委托书（签名件）", blocks=(Pictures(files),)))
    return papers
