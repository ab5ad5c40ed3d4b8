"""Tags and filters of every template: icons, deadlines in words, masked personal data."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.template import engines
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from zhongzhi.core.days import moment_here
from zhongzhi.core.masking import mask_name
from zhongzhi.core.pinyin import initials
from zhongzhi.web import written_days
from zhongzhi.web.lists import Chip, chips_of
from zhongzhi.web.watermark import taken_out_by

register = template.Library()
NEAR = timedelta(hours=24)
AT_A_GLANCE = 8
"""Seven choices, and the line for none."""
COMPILED = "compiled"
"""The engine of the templates of lines and inputs (`zhongzhi.web.compiled`)."""


@register.simple_tag
@lru_cache(1024)
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; decoration unless it has a label."""
    address = static("vendor/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', label, address, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', address, name)


@register.simple_tag
def compiled(name: str, **values: Any) -> SafeString:
    """A part of a page by a compiled template, which escapes what it is given."""
    return SafeString(engines[COMPILED].get_template(name).render(values))


@register.inclusion_tag("parts/_watermark.html", takes_context=True)
def watermark(context: Any) -> dict[str, Any]:
    """Who looks and when, over a screen or a print that holds numbers in the clear; nothing for visitors."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"text": ""}
    return {"text": taken_out_by(user)}


@register.simple_tag(takes_context=True)
def chips(context: Any, form: Any) -> list[Chip]:
    """The filters in use, each with the address without it."""
    return list(chips_of(list(form), context.request.GET))


@register.simple_tag(takes_context=True)
def pages_called(context: Any, text: str) -> list[Any]:
    """The pages this person can go to that are called so, by part of the name or by pinyin initials."""
    wanted = text.strip().lower()
    items = [*context.get("navigation", ()), *context.get("navigation_more", ())]
    return [item for item in items if wanted in item.label.lower() or initials(item.label).startswith(wanted)]


@register.filter(name="initials")
def pinyin_initials(text: Any) -> str:
    """土地承包 as it is typed: tdcb."""
    return initials(str(text))


@register.filter
def is_long(groups: Any) -> bool:
    """Whether a list has more choices than one sees at a glance: it is found in by typing."""
    return sum(len(options) for _, options, _ in groups) > AT_A_GLANCE


@register.filter
def short_day(day: date | None) -> str:
    """11-23; with its year where that is not this one."""
    if not day:
        return ""
    return written_days.short_day(moment_here(day).date() if isinstance(day, datetime) else day)


@register.filter
def short_time(moment: datetime | None) -> str:
    """今天 08:15, 11-23 08:15; with its year where that is not this one."""
    return written_days.short_moment(moment) if moment else ""


@register.filter
def exact_time(moment: datetime | None) -> str:
    """11-23 08:15:30; with its year where that is not this one."""
    return written_days.exact_moment(moment) if moment else ""


@register.filter
def lasted(since: datetime | None) -> str:
    """How long something has gone on: 3 小时, 71 天."""
    return written_days.length_words(timezone.now() - since) if since else ""


@register.filter
def in_use(fields: Iterable[BoundField]) -> int:
    """How many of these filters narrow the list; the search box, which is always seen, is not counted."""
    return sum(bool(field.data) for field in fields if field.name != "q")


@register.filter
def masked_name(name: str) -> str:
    """A name as those see it who do not handle the matter: 王*明."""
    return mask_name(name)


@register.filter
def due_words(due: datetime | None, now: datetime | None = None) -> str:
    """How far a deadline is, in words: 还有 3 小时, 已超期 2 天."""
    if due is None:
        return ""
    left = due - (now or timezone.now())
    return (
        f"还有 {written_days.length_words(left)}"
        if left >= timedelta()
        else f"已超期 {written_days.length_words(-left)}"
    )


@register.filter
def due_class(due: datetime | None, now: datetime | None = None) -> str:
    """`far`, `near` (within a day) or `over`; empty without a deadline."""
    if due is None:
        return ""
    left = due - (now or timezone.now())
    if left < timedelta():
        return "over"
    return "near" if left < NEAR else "far"


@register.filter
def percent(number: float | None) -> str:
    """A rate as it reads: 99.6%, or a dash where nothing can be divided."""
    return "—" if number is None else f"{number:.1f}%"


@register.filter
def money(amount: Decimal | None) -> str:
    """Yuan as they are read: 486,300.00; nothing for none."""
    return "" if amount is None else f"{amount:,.2f}"
