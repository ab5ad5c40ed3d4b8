"""Rules of early warning change from a day to come on, and words of danger at once; every change is kept."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from early_warning.actions.following import note_cases
from early_warning.detection import forget_words
from early_warning.models import Audience, DangerClass, DangerWord, RuleKind, WarningRule
from early_warning.permissions import WHO_KEEPS, may_keep_rules
from early_warning.verbs import Verb
from grids.models import HazardLevel
from intake.queries.words import open_cases_that_say
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, NotFound, RuleViolation, require
from zhongzhi.core.text import required_text

LONGEST, MOST = 3650, 1000


@dataclass(frozen=True)
class RuleTerms:
    """What of a rule can be another: from when on it warns, how gravely, who is told, what to do."""

    name: str
    what: str
    window_days: int
    threshold: int
    level: str
    audience: str
    advice: str
    categories: str = ""
    season_day: str = ""


@transaction.atomic
def change_rule(slug: str, terms: RuleTerms, *, starts_on: date, actor: User, kind: str = "") -> WarningRule:
    """Let a rule be another from a day on, tomorrow at the earliest; with a `kind` it may be new.

    Raises RuleViolation at `starts_on` for today or before and for a day that has a change already, at the field for
    a value that is none; NotFound for a rule that is not there.
    """
    require(may_keep_rules(actor), WHO_KEEPS)
    same = WarningRule.objects.select_for_update().filter(slug=slug)
    last = same.order_by("-starts_on").first()
    if last is None and kind not in RuleKind.values:
        raise NotFound("没有找到这条预警规则。")
    of_kind = last.kind if last else kind
    checked = _checked(terms, of_kind)
    if starts_on <= timezone.localdate():
        raise RuleViolation("启用日期应在明天或以后。", field="starts_on")
    if last is not None and last.starts_on >= starts_on:
        raise RuleViolation("这一天或以后已安排了一次修改，请先撤回它。", field="starts_on")
    if last is not None and (last.ends_on is None or last.ends_on > starts_on):
        last.ends_on = starts_on
        last.save(update_fields=["ends_on"])
    rule = WarningRule.objects.create(slug=slug, kind=of_kind, starts_on=starts_on, changed_by=actor, **asdict(checked))
    facts = {"window": rule.window_days, "threshold": rule.threshold, "level": rule.level}
    record(actor, Verb.RULE_CHANGED, f"warning-rule:{slug}", starts_on=starts_on, **facts)
    return rule


@transaction.atomic
def stop_rule(slug: str, *, actor: User) -> WarningRule:
    """Let a rule end tomorrow; what it raised stays. InvalidTransition where it has an end already."""
    require(may_keep_rules(actor), WHO_KEEPS)
    rule = WarningRule.objects.select_for_update().filter(slug=slug).order_by("-starts_on").first()
    if rule is None:
        raise NotFound("没有找到这条预警规则。")
    tomorrow = timezone.localdate() + timedelta(days=1)
    if rule.ends_on is not None or rule.starts_on >= tomorrow:
        raise InvalidTransition("这条规则已安排停用或修改。")
    rule.ends_on = tomorrow
    rule.save(update_fields=["ends_on"])
    record(actor, Verb.RULE_STOPPED, f"warning-rule:{slug}", ends_on=tomorrow)
    return rule


@transaction.atomic
def withdraw_rule_change(pk: int, *, actor: User) -> None:
    """Take back a change that is not in force yet; the form before it goes on. InvalidTransition for any other."""
    require(may_keep_rules(actor), WHO_KEEPS)
    rule = WarningRule.objects.select_for_update().filter(pk=pk).first()
    if rule is None:
        raise NotFound("没有找到这条预警规则。")
    if rule.starts_on <= timezone.localdate():
        raise InvalidTransition("这条规则已经生效，不能撤回；请从以后的某一天起修改。")
    record(actor, Verb.RULE_CHANGE_WITHDRAWN, f"warning-rule:{rule.slug}", starts_on=rule.starts_on)
    WarningRule.objects.filter(slug=rule.slug, ends_on=rule.starts_on).update(ends_on=rule.ends_on)
    rule.delete()


@transaction.atomic
def add_danger_word(word: str, meaning: str, level: str, *, actor: User) -> DangerWord:
    """Put a word on the county's list; open cases that say it are looked at by the next sweep."""
    require(may_keep_rules(actor), WHO_KEEPS)
    text = "".join(required_text(word, field="word", missing="请填写言辞。", max_length=20).split())
    if len(text) < 2:
        raise RuleViolation("至少两个字。", field="word")
    _one_of(meaning, DangerClass.values, "meaning")
    _one_of(level, HazardLevel.values, "level")
    if DangerWord.objects.filter(word=text, ends_on=None).exists():
        raise RuleViolation("清单中已有这个词。", field="word")
    row = DangerWord.objects.create(
        word=text, meaning=meaning, level=level, starts_on=timezone.localdate(), added_by=actor
    )
    note_cases(open_cases_that_say(text))
    record(actor, Verb.WORD_ADDED, row, meaning=meaning, level=level)
    transaction.on_commit(forget_words)
    return row


@transaction.atomic
def remove_danger_word(pk: int, *, actor: User) -> DangerWord:
    """Take a word off the list; the row stays with its day."""
    require(may_keep_rules(actor), WHO_KEEPS)
    row = DangerWord.objects.select_for_update().filter(pk=pk, ends_on=None).first()
    if row is None:
        raise NotFound("没有找到这个词，或已停用。")
    row.ends_on = timezone.localdate()
    row.save(update_fields=["ends_on"])
    record(actor, Verb.WORD_REMOVED, row, meaning=row.meaning)
    transaction.on_commit(forget_words)
    return row


def _checked(terms: RuleTerms, kind: str) -> RuleTerms:
    if not 1 <= terms.window_days <= LONGEST:
        raise RuleViolation(f"时段应为 1 至 {LONGEST} 天。", field="window_days")
    if not 1 <= terms.threshold <= MOST:
        raise RuleViolation(f"件数应为 1 至 {MOST}。", field="threshold")
    _one_of(terms.level, HazardLevel.values, "level")
    _one_of(terms.audience, Audience.values, "audience")
    return RuleTerms(
        required_text(terms.name, field="name", missing="请填写名称。", max_length=40),
        required_text(terms.what, field="what", missing="请用一句话说明。", max_length=200),
        terms.window_days,
        terms.threshold,
        terms.level,
        terms.audience,
        required_text(terms.advice, field="advice", missing="请写明怎么办。", max_length=300),
        _categories(terms.categories),
        _season(terms.season_day, kind),
    )


def _categories(text: str) -> str:
    parts = [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() and len(part) in (2, 4) for part in parts):
        raise RuleViolation("类别写两位或四位代码，用逗号分开。", field="categories")
    return ",".join(parts)


def _season(text: str, kind: str) -> str:
    day = text.strip()
    if kind != RuleKind.SEASON:
        return ""
    if day == "春节":
        return day
    try:
        return f"{date.fromisoformat(f'2000-{day}'):%m-%d}"
    except ValueError:
        raise RuleViolation("写成 04-15，或“春节”。", field="season_day") from None


def _one_of(value: str, values: list[str], field: str) -> None:
    if value not in values:
        raise RuleViolation("请从选项中选择。", field=field)
