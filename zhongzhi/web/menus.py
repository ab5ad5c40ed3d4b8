"""What apps put on pages that another app composes: acts that are offered, and panels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class MenuItem:
    """One act that this person may do now: a button or a line of the menu.

    `address` is that of its dialog, or of a page where `is_page` says so. Of all offers of a page the one with the
    lowest `rank` is the primary one. `key`, where it has one, is the letter that presses it.
    """

    label: str
    icon: str
    address: str
    rank: int
    danger: bool = False
    is_page: bool = False
    key: str = ""


@dataclass(frozen=True)
class Panel:
    """One card of a page: its template, and what the template is given."""

    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    side: Literal["story", "facts"] = "facts"
