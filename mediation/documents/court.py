"""Papers for and from the court: the joint application for confirmation, addresses for service, what became of it."""

from intake.models import Party
from intake.queries.violence import contact_on_papers
from mediation.documents.agreed import land_table
from mediation.documents.clauses import clauses
from mediation.documents.facts import Facts, person_words, signer_words, standing
from mediation.documents.form import Addressed, Block, Fields, Paper, Pictures, Prose, Signs
from mediation.lifecycle import ConfirmationState
from mediation.models import Confirmation, MaterialKind, Origin
from zhongzhi.core.paper_dates import paper_day

ELECTRONIC = "□同意　□不同意；手机号码或者电子邮箱：＿＿＿＿＿＿＿＿＿＿＿＿"


def confirmation(facts: Facts) -> list[Paper]:
    """司法确认材料: each application with its addresses for service, its course, and the court's papers."""
    if not facts.instrument.is_confirmable:
        return []
    files = [(a.file, a.file.name) for a in facts.files_of(MaterialKind.CONFIRMATION)]
    papers = [paper for made in facts.confirmations for paper in _papers(facts, made)]
    if files:
        papers.append(Paper("confirmation-papers", "司法确认裁定等材料", blocks=(Pictures(files),)))
    return papers


def undisputed(facts: Facts) -> list[Paper]:
    """无争议事实记载: what nobody disputes, signed by all (法发〔2016〕14号 art. 23)."""
    row = facts.mediation.undisputed
    effect = (
        "以上事实经各方当事人同意记载，由当事人签字确认。在诉讼程序中，除涉及国家利益、社会公共利益和他人合法权益的外，"
        "当事人无需对已确认的无争议事实举证。"
    )
    signs = [*((signer_words(p, facts.parties), "") for p in facts.principals)]
    signs += [(facts.instrument.mediator, facts.mediator_names), ("日期", paper_day(row.agreed_on))]
    blocks = (
        Fields([("纠纷名称", facts.dispute), ("委派（委托）法院", str(facts.mediation.entrusted_by or "—"))]),
        Prose("各方没有争议的事实", row.facts),
        Prose("效力", effect),
        Signs(signs),
    )
    return [Paper("undisputed", "无争议事实记载", number=str(facts.mediation.case.code), blocks=blocks)]


def court_return(facts: Facts) -> list[Paper]:
    """调解结果移送函: what came of the mediation that the court entrusted, and the papers that go with it."""
    mediation, row = facts.mediation, getattr(facts.mediation, "court_return", None)
    agreement = facts.agreement
    reached = f"达成调解协议（{agreement.number}），于{paper_day(agreement.in_force_on)}生效" if agreement else ""
    result = reached or "未达成调解协议"
    reason = "" if agreement else f"，原因：{mediation.get_end_reason_display()}"
    taken = f"当事人选择{mediation.get_road_display()}。" if mediation.road else ""
    extended = "".join(f"各方于{paper_day(t.on)}同意延长调解期限。" for t in mediation.time_consents.order_by("pk"))
    text = (
        f"贵院{mediation.get_origin_display()}的{facts.dispute}一案，{mediation.body.seal}于{paper_day(mediation.opened_at)}"
        f"受理。{extended}于{paper_day(mediation.ended_at)}结束，{result}{reason}。{taken}现将结果和下列材料移送贵院。"
    )
    blocks: list[Block] = [
        Addressed(str(mediation.entrusted_by or "")),
        Prose("", text),
        Prose("移送材料", "\n".join(_sent_with(facts))),
    ]
    if row is not None:
        blocks.append(
            Fields(
                [
                    ("交回日期", paper_day(row.on)),
                    ("交回方式", row.get_way_display()),
                    ("法院接收人", row.receiver),
                    ("说明", row.note or "—"),
                ]
            )
        )
    blocks.append(
        Signs([(mediation.body.seal, "（盖章）"), ("法院签收", ""), ("日期", paper_day(row.on) if row else "")])
    )
    return [Paper("court_return", "调解结果移送函", number=str(mediation.case.code), blocks=blocks)]


def _sent_with(facts: Facts) -> list[str]:
    """The papers that go to the court, numbered."""
    mediation = facts.mediation
    names = ["起诉状等当事人材料"] if mediation.origin == Origin.COURT else []
    names += [facts.instrument.agreement if facts.agreement else "终结调解告知书"]
    names += ["无争议事实记载"] if hasattr(mediation, "undisputed") else []
    names += [f"{facts.instrument.name}记录"] if facts.sessions else []
    return [f"{n}. {name}" for n, name in enumerate(names, 1)]


def _papers(facts: Facts, made: Confirmation) -> list[Paper]:
    applicants = list(made.applicants.select_related("represents").order_by("ordinal", "pk"))
    found = [Paper(f"confirmation-{made.pk}", "司法确认申请书", blocks=_application(facts, made, applicants))]
    found += [
        Paper(f"service-{made.pk}-{party.pk}", "送达地址确认书", blocks=_service(facts, made, party))
        for party in applicants
    ]
    if made.status != ConfirmationState.APPLIED:
        found.append(Paper(f"confirmation-course-{made.pk}", "司法确认办理情况", blocks=(Fields(_course(made)),)))
    return found


def _application(facts: Facts, made: Confirmation, applicants: list[Party]) -> list[Block]:
    """As courts ask for it: who applies, what for, facts and reasons, 此致."""
    body, agreement = facts.mediation.body.seal, made.agreement
    parts = facts.instalments_of(agreement)
    owed = "\n".join(clauses(parts))
    asked = {"in_force_on": paper_day(agreement.in_force_on), "number": str(agreement.number)}
    named = [
        f"{standing(p)}：{person_words(p)}" for p in facts.parties if p.represents_id in {a.pk for a in applicants}
    ]
    people = [f"申请人：{person_words(p)}" for p in applicants]
    return [
        Prose("", "\n".join([*people, *named])),
        Prose("请求事项", facts.says("confirmation", made.applied_on, **asked)),
        Prose(
            "事实和理由",
            f"申请人之间因{facts.dispute}，于{paper_day(agreement.reached_on)}经{body}主持调解，达成如下调解协议：\n"
            f"{agreement.terms}\n{owed}\n{facts.says('good_faith', made.applied_on)}",
        ),
        *land_table(parts),
        Addressed(made.court.name),
        Prose("", f"附：1. 调解协议书（{agreement.number}）　2. 申请人身份证明　3. {body}主持调解的证明材料"),
        Signs([*((signer_words(p, facts.parties), "") for p in applicants), ("日期", paper_day(made.applied_on))]),
    ]


def _service(facts: Facts, made: Confirmation, party: Party) -> list[Block]:
    phone, address = contact_on_papers(party)
    pairs = [
        ("受理法院", made.court.name),
        ("案由", "申请司法确认调解协议"),
        ("案号", made.case_number or "（法院填写）"),
        ("受送达人", party.shown_name),
        ("证件号码", party.paper_number or "＿＿＿＿＿＿＿＿＿＿"),
        ("联系电话", phone or "＿＿＿＿＿＿＿＿＿＿"),
        ("送达地址", address or "＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿"),
        ("代收人及电话", "＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿"),
        ("电子送达", ELECTRONIC),
    ]
    told = facts.says("service", made.applied_on)
    confirmed = facts.says("service_confirmed", made.applied_on)
    signs = [(f"受送达人 {party.shown_name}", ""), ("日期", "")]
    return [Prose("告知事项", told), Fields(pairs), Prose("受送达人确认", confirmed), Signs(signs)]


def _course(made: Confirmation) -> list[tuple[str, str]]:
    return [
        ("受理法院", made.court.name),
        ("申请日期", paper_day(made.applied_on)),
        ("案号", made.case_number or "—"),
        ("办理结果", ConfirmationState(made.status).label),
        ("受理（不予受理）日期", paper_day(made.accepted_on) or "—"),
        ("裁定日期", paper_day(made.ruled_on) or "—"),
        ("不予受理、驳回的理由", made.refusal or "—"),
    ]
