"""Kinds of documents: rows with dates of effect, changed without a developer; and what may cause a document."""

from django.db import models
from django.db.models import Q

from grids.models import Organisation
from intake.deadlines.models.clock import UNIT_CHOICES
from zhongzhi.rows.periods import DatePeriod, period_of_days
from zhongzhi.rows.remembered import remembered_table


class Purpose(models.TextChoices):
    INFORM = "inform", "告知当事人"
    DISPATCH = "dispatch", "交办转办"
    GUIDE = "guide", "导引转送"
    FEEDBACK = "feedback", "反馈办理情况"
    SUPERVISE = "supervise", "督办"
    REMIND = "remind", "提醒"
    RECOMMEND = "recommend", "建议"


class IssuerRule(models.TextChoices):
    CENTRE = "centre", "负责的综治中心"
    COUNTY_CENTRE = "county_centre", "县级综治中心"
    POLITICS_AND_LAW = "politics_and_law", "县级党委政法委"
    HANDLER = "handler", "承办单位"


class AddresseeRule(models.TextChoices):
    PARTY = "party", "当事人"
    ORGANISATION = "organisation", "承办单位"
    LEADERSHIP = "leadership", "单位主要负责人"
    CENTRE = "centre", "负责的综治中心"


class Signatory(models.TextChoices):
    WINDOW = "window", "窗口受理员、研判分流员或负责人"
    SORTER = "sorter", "研判分流员或负责人"
    MANAGER = "manager", "综治中心负责人"
    LEADER = "leader", "领导"
    HANDLER = "handler", "承办单位经办人"


class AnswerKind(models.TextChoices):
    NONE = "none", "无须答复"
    SERVICE = "service", "送达记录"
    RECEIPT = "receipt", "签收即可"
    REPORT = "report", "书面报告"
    ADOPTION = "adoption", "采纳情况"


class PaperForm(models.TextChoices):
    SLIP = "slip", "单"
    LETTER = "letter", "函"


class DocumentKind(DatePeriod):
    """One kind as it is in force for a time. A document keeps the row it was born with."""

    preset = models.CharField("方案", max_length=20, blank=True)
    code = models.SlugField("代码", max_length=30)
    name = models.CharField("名称", max_length=30)
    purpose = models.CharField("用途", max_length=10, choices=Purpose)
    word = models.CharField("代字", max_length=10, help_text="文号中表示文种的字，如“交”：扎鲁特综交〔2026〕1号")
    issuer = models.CharField("发文机关", max_length=20, choices=IssuerRule, default=IssuerRule.CENTRE)
    addressee = models.CharField("主送", max_length=20, choices=AddresseeRule, default=AddresseeRule.ORGANISATION)
    form = models.CharField("格式", max_length=10, choices=PaperForm, default=PaperForm.SLIP)
    subject_template = models.CharField("标题模板", max_length=200)
    body_template = models.TextField("正文模板", max_length=5000)
    signatory = models.CharField("签发人", max_length=10, choices=Signatory, default=Signatory.MANAGER)
    reviewed = models.BooleanField("签发前须审核", default=False)
    by_itself = models.BooleanField("系统自动签发", default=False, help_text="时限触发时不等人签发，直接编号印发")
    answer = models.CharField("答复方式", max_length=10, choices=AnswerKind, default=AnswerKind.NONE)
    receipt_amount = models.PositiveIntegerField("签收时限", default=0)
    receipt_unit = models.CharField("签收时限单位", max_length=12, choices=UNIT_CHOICES, default="working_day")
    answer_amount = models.PositiveIntegerField("答复时限", default=0)
    answer_unit = models.CharField("答复时限单位", max_length=12, choices=UNIT_CHOICES, default="working_day")
    red_amount = models.PositiveIntegerField("红色答复时限", default=0)
    red_unit = models.CharField("红色答复时限单位", max_length=12, choices=UNIT_CHOICES, default="hour")
    extension_amount = models.PositiveIntegerField("每次可延长", default=0, help_text="单位同答复时限；0 为不可延长")
    max_extensions = models.PositiveSmallIntegerField("最多延长次数", default=2)
    source = models.CharField("依据", max_length=120, blank=True)

    class Meta:
        verbose_name = "文种"
        verbose_name_plural = "文种"
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "starts_on"],
                name="document_kind_once",
                violation_error_message="这一文种当天已有一个版本。",
            ),
            period_of_days("document_kind_period", may_be_empty=True),
            models.CheckConstraint(
                condition=~Q(answer__in=["report", "adoption"]) | Q(answer_amount__gt=0),
                name="document_kind_answer_has_limit",
                violation_error_message="须书面答复的文种要有答复时限。",
            ),
            models.CheckConstraint(condition=Q(max_extensions__lte=2), name="document_kind_two_extensions"),
        ]
        triggers = remembered_table("referrals_documentkind")

    def __str__(self) -> str:
        return self.name


class AgencyWord(models.Model):
    """The stem of an organisation's 机关代字, where it is not the usual one (place and 综)."""

    organisation = models.OneToOneField(
        Organisation, verbose_name="机构", on_delete=models.PROTECT, related_name="agency_word"
    )
    stem = models.CharField("机关代字", max_length=20, unique=True)

    class Meta:
        verbose_name = "机关代字"
        verbose_name_plural = "机关代字"

    def __str__(self) -> str:
        return self.stem


class Trigger(models.TextChoices):
    """What causes a document or starts its escalation: a closed vocabulary."""

    LATE_TRIAGE = "late_triage", "逾期未受理"
    LATE_DISPATCH = "late_dispatch", "逾期未交办"
    LATE_SIGNATURE = "late_signature", "逾期未签收"
    OVERDUE = "overdue", "办理超期"
    EXTENDED_OUT = "extended_out", "两次延期后仍超期"
    TIER_PASSED = "tier_passed", "层级时限届满"
    REMINDER_UNANSWERED = "reminder_unanswered", "提醒逾期未回"
    SUPERVISION_NEAR = "supervision_near", "督办答复临期"
    SUPERVISION_UNANSWERED = "supervision_unanswered", "督办逾期未答复"
    RECOMMENDATION_UNANSWERED = "recommendation_unanswered", "建议逾期未答复"
    RED_RISK = "red_risk", "红色风险"
    DISSATISFIED_TWICE = "dissatisfied_twice", "两次不满意"
    NOT_ACCEPTED = "not_accepted", "应受理未受理"
    NOT_HANDLED = "not_handled", "应办理未办理"
    UNLAWFUL = "unlawful", "不依法办理"
    LAPSES_OF_ORGANISATION = "lapses_of_organisation", "一季度内三次超期"
    SUPERVISIONS_OF_ORGANISATION = "supervisions_of_organisation", "一季度内三次督办"
    CATEGORY_DOUBLED = "category_doubled", "类别纠纷成倍增加"
    DISPATCHED = "dispatched", "交办"
    GUIDED = "guided", "导引转送"
    EXTENDED = "extended", "延长办理期限"
    MANUAL = "manual", "人工拟制"
