"""The profiles of exchange, read from `data/exchange/`: one file for each kind of system.

A file of the same name in the folder `exchange` of the installation's data stands in its place: maps of codes differ
from place to place.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from django.conf import settings

from workbench.exchange.shaping import Codes
from zhongzhi.core.errors import NotFound

FOLDERS: Final = (Path(settings.BASE_DIR) / "data" / "exchange", Path(settings.DATA_DIR) / "exchange")


@dataclass(frozen=True)
class Outgoing:
    """What goes out: changes of cases that stand in one of these states (none named: any), as this message.

    `once`: a message that says of a case what the last one said is not sent. `refused`: answers by which the other
    side says that it will not take the message as it is; everything else that is no 2xx is tried again.
    """

    message: Any
    statuses: frozenset[str] = frozenset()
    once: bool = False
    refused: frozenset[int] = frozenset({400, 409, 413, 415, 422})


@dataclass(frozen=True)
class Incoming:
    """What comes in, where it stands in the message: its own key, whose number it is about, its place in the order.

    `takes` says what becomes of it: `orders` are cases to register or to correct, whose entry is shaped by `entry`;
    `reports` are cases of a county that a superior follows.
    """

    takes: str
    key: str
    number: str
    sequence: str = ""
    at: str = ""
    kind: str = ""
    entry: Any = None


@dataclass(frozen=True)
class Profile:
    """How one kind of system is spoken with. `root` is the name of the outermost element of XML; empty: JSON."""

    name: str
    label: str
    root: str = ""
    outgoing: Outgoing | None = None
    incoming: Incoming | None = None
    codes: Codes = field(default_factory=dict)


@lru_cache(maxsize=1)
def profiles() -> Mapping[str, Profile]:
    """All of them by name."""
    paths = {path.stem: path for folder in FOLDERS for path in sorted(folder.glob("*.toml"))}
    return MappingProxyType({name: _profile(path) for name, path in paths.items()})


def profile_named(name: str) -> Profile:
    """One of them; NotFound for none."""
    if name not in profiles():
        raise NotFound(f"没有“{name[:30]}”这种对接方式；可用的有：{'、'.join(profiles())}。")
    return profiles()[name]


def choices() -> list[tuple[str, str]]:
    """Those that send something, with their labels."""
    return [(name, profile.label) for name, profile in profiles().items() if profile.outgoing is not None]


def _profile(path: Path) -> Profile:
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    out, into = said.get("out"), said.get("in")
    return Profile(
        name=path.stem,
        label=said["label"],
        root=said.get("root", ""),
        outgoing=None if out is None else Outgoing(**_sets(out)),
        incoming=None if into is None else Incoming(**into),
        codes=said.get("codes", {}),
    )


def _sets(out: dict[str, Any]) -> dict[str, Any]:
    return out | {name: frozenset(out[name]) for name in ("statuses", "refused") if name in out}
