"""Kinds for what is typed: a line, a text of several lines; and a file."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

from django import forms

from zhongzhi.core.text import LONGEST_WORDS
from zhongzhi.web.fields import text
from zhongzhi.web.shapes.kinds import ApiField, Ask, Kind


@dataclass(frozen=True, eq=False)
class Line(Kind):
    """A text of one line. `longest` is the rule, which the action keeps; `page_longest` what the page lets one type,
    where that is more: then the action tells how much too long it is."""

    _: KW_ONLY
    longest: int = 100
    page_longest: int | None = None
    attrs: Mapping[str, str] = field(default_factory=dict)

    def make_form_field(self, subject: Any, **options: Any) -> forms.Field:
        """Cleaned by the action, not here."""
        widget = forms.TextInput(dict(self.attrs))
        return forms.CharField(widget=widget, max_length=self.page_longest or self.longest, **options)

    def make_serializer_field(self, **options: Any) -> ApiField:
        """Cleaned and measured by the action."""
        words: dict[str, Any] = {"error_messages": {"blank": f"请填写{self.label}。"}}
        return text(max_length=self.longest, **words, **options)


@dataclass(frozen=True, eq=False)
class Text(Line):
    """A text of several lines."""

    _: KW_ONLY
    longest: int = 5000
    rows: int = 3

    def make_form_field(self, subject: Any, **options: Any) -> forms.Field:
        """A box of so many rows."""
        widget = forms.Textarea({"rows": self.rows})
        return forms.CharField(widget=widget, max_length=self.page_longest or self.longest, **options)


@dataclass(frozen=True, eq=False)
class Words(Text):
    """What a person writes to an act. The page lets one type more; then the action tells how much too long it is."""

    _: KW_ONLY
    longest: int = LONGEST_WORDS
    page_longest: int | None = 5000


@dataclass(frozen=True, eq=False)
class Upload(Kind):
    """A file, on the page only; the action checks what it is."""

    _: KW_ONLY
    accept: str = ""
    api: Ask | None = Ask.NEVER

    def make_form_field(self, subject: Any, **options: Any) -> forms.Field:
        """The browser offers what is accepted."""
        return forms.FileField(widget=forms.ClearableFileInput(attrs={"accept": self.accept}), **options)
