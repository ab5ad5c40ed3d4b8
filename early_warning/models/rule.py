"""Rules of early warning as data, and the county's list of words of danger; a change is a new row."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grids.models import HazardLevel
from zhongzhi.rows.periods import DatePeriod, period_of_days

LEVELS = (HazardLevel.BLUE, HazardLevel.YELLOW, HazardLevel.ORANGE, HazardLevel.RED)
"""The four colours of hazards and cases, from the least on."""


def rank_of(level: str) -> int:
    """How grave a colour is, 0 to 3."""
    return [one.value for one in LEVELS].index(level)


class RuleKind(models.TextChoices):
    SAME_SIDES = "same_sides", "同一双方再起纠纷"
    MANY_AGAINST_ONE = "many_against_one", "多人反映同一对象"
    ABOVE_USUAL = "above_usual", "明显高于往常"
    COME_BACK = "come_back", "办结后又来"
    PROMISE_BROKEN = "promise_broken", "协议逾期未履行"
    BEFORE_HOLIDAY = "before_holiday", "节前未履行"
    DANGER_WORDS = "danger_words", "危险言辞"
    HAZARD_UNSETTLED = "hazard_unsettled", "隐患久未处置"
    REFUSED_TWICE = "refused_twice", "多次退回"
    SEASON = "season", "季节将至"
    UNREACHABLE = "unreachable", "不满意、联系不上"


class Audience(models.TextChoices):
    """Who is told, beside everybody who finds the warning in the list."""

    CENTRE = "centre", "负责中心"
    CENTRE_AND_ABOVE = "above", "负责中心和上级中心"
    CENTRE_AND_GRID = "grid", "负责中心和网格员"


class WarningRule(DatePeriod):
    """One rule in one form, from a day on. `what` is the sentence that explains it to everybody."""

    slug = models.SlugField("代号", max_length=30)
    kind = models.CharField("依据", max_length=20, choices=RuleKind)
    name = models.CharField("名称", max_length=40)
    what = models.CharField("说明", max_length=200)
    categories = models.CharField(
        "纠纷类别", max_length=100, blank=True, help_text="类别代码或其开头，用逗号分开；空为全部"
    )
    season_day = models.CharField("季节日期", max_length=5, blank=True, help_text="月-日，或“春节”；只用于季节")
    window_days = models.PositiveSmallIntegerField("时段（天）")
    threshold = models.PositiveSmallIntegerField("件数")
    level = models.CharField("等级", max_length=10, choices=HazardLevel)
    audience = models.CharField("告知", max_length=10, choices=Audience, default=Audience.CENTRE)
    advice = models.CharField("怎么办", max_length=300)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "预警规则"
        verbose_name_plural = "预警规则"
        ordering = ["kind", "slug", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "starts_on"], name="warning_rule_once"),
            models.CheckConstraint(condition=Q(window_days__gt=0, threshold__gt=0), name="warning_rule_numbers"),
            models.CheckConstraint(
                condition=(Q(kind=RuleKind.SEASON) & ~Q(season_day="")) | (~Q(kind=RuleKind.SEASON) & Q(season_day="")),
                name="warning_rule_season_has_day",
            ),
            period_of_days("warning_rule_period"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The categories it looks at; none for all."""
        return tuple(part.strip() for part in self.categories.replace("，", ",").split(",") if part.strip())

    def concerns(self, category: str | None) -> bool:
        """Whether it looks at a category."""
        return not self.prefixes or bool(category and category.startswith(self.prefixes))


class DangerClass(models.TextChoices):
    FAMILY_VIOLENCE = "family_violence", "家庭暴力"
    KILLING = "killing", "杀伤威胁"
    SELF_HARM = "self_harm", "轻生"
    WEAPON = "weapon", "持械"
    FIRE = "fire", "纵火爆炸"
    CROWD = "crowd", "聚众"


class DangerWord(DatePeriod):
    """A word of danger that the county keeps, what it points to and how grave it is."""

    word = models.CharField("言辞", max_length=20)
    meaning = models.CharField("指向", max_length=20, choices=DangerClass)
    level = models.CharField("等级", max_length=10, choices=HazardLevel, default=HazardLevel.ORANGE)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "危险言辞"
        verbose_name_plural = "危险言辞"
        ordering = ["meaning", "word"]
        constraints = [
            models.UniqueConstraint(
                fields=["word"],
                condition=Q(ends_on__isnull=True),
                name="danger_word_once",
                violation_error_message="清单中已有这个词。",
            ),
            models.CheckConstraint(condition=Q(word__regex=r"^\S{2,}$"), name="danger_word_has_two_characters"),
            period_of_days("danger_word_period", may_be_empty=True),
        ]

    def __str__(self) -> str:
        return self.word
