"""Cover, statement and back of the file."""

from django.utils import timezone

from intake.models import PartySide
from mediation.documents.facts import Facts
from mediation.documents.form import Fields, Paper, Prose, Signs
from zhongzhi.core.paper_dates import paper_day


def cover(facts: Facts) -> list[Paper]:
    """封面: whose file, what about, which result, which dates."""
    mediation, case = facts.mediation, facts.mediation.case
    agreement = facts.agreement
    category = case.category
    pairs = [
        ("卷宗编号", f"{case.code}-{mediation.pk}"),
        ("调解组织", mediation.body.seal),
        ("案由", f"{category.parent.name} / {category.name}" if category and category.parent else ""),
        ("纠纷名称", facts.dispute),
        ("申请人", "、".join(p.shown_name for p in facts.side(PartySide.APPLICANT))),
        ("被申请人", "、".join(p.shown_name for p in facts.side(PartySide.RESPONDENT)) or "—"),
        ("第三人", "、".join(p.shown_name for p in facts.side(PartySide.THIRD)) or "—"),
        ("调解员", facts.mediator_names),
        ("调解方式", mediation.get_mode_display()),
        ("受理日期", paper_day(mediation.opened_at)),
        ("调结日期", paper_day(mediation.ended_at) or "尚未调结"),
        ("调解结果", mediation.get_status_display()),
        ("协议编号", str(agreement.number) if agreement else "—"),
        ("协议生效日期", paper_day(agreement.in_force_on) if agreement else "—"),
        ("保管期限", "长期"),
    ]
    return [
        Paper("cover", f"{facts.instrument.name}卷宗", number=str(case.code), blocks=(Fields(pairs),), is_cover=True)
    ]


def statement(facts: Facts) -> list[Paper]:
    """卷宗情况说明: what is in it, what is not and why."""
    mediation = facts.mediation
    text = [
        f"本卷宗记载{mediation.body}对案件 {mediation.case.code} 的{mediation.get_mode_display()}。",
        f"共举行调解活动 {len(facts.sessions)} 次；收入材料 {len(facts.materials)} 件。",
    ]
    if facts.agreement:
        text.append(f"各方达成{facts.agreement.get_form_display()}，编号 {facts.agreement.number}。")
    text += [
        f"{recusal.mediator}于{paper_day(recusal.decided_at)}回避：{recusal.reason}。"
        for recusal in mediation.recusals.filter(granted=True).select_related("mediator")
    ]
    text += [f"各方于{paper_day(row.on)}同意延长调解期限。{row.note}" for row in mediation.time_consents.order_by("pk")]
    text.append("卷内文书由系统依案件数据生成，签名、盖章以纸质件及所附扫描件为准。")
    blocks = (Prose("情况说明", "\n".join(text)), Signs([("立卷人", facts.mediator_names), ("立卷日期", _today())]))
    return [Paper("statement", "卷宗情况说明", blocks=blocks)]


def back(facts: Facts) -> list[Paper]:
    """封底: who put the file together and checked it."""
    signs = Signs([("立卷人", ""), ("检查人", ""), ("立卷日期", "")])
    pairs = Fields([("案件编号", str(facts.mediation.case.code)), ("调解组织", facts.mediation.body.seal)])
    return [Paper("back", "卷宗封底", blocks=(pairs, signs), is_cover=True)]


def _today() -> str:
    return paper_day(timezone.localdate())
