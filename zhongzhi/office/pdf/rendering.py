"""Asking the program that sets type, within limits of time and size."""

import base64
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from zhongzhi.office.pdf.reading import Reading

PROGRAM: Final = Path(__file__).with_name("program.py")
LONGEST: Final = 60
"""Seconds. A file of a hundred pages takes ten."""
MOST_IN: Final = 64 << 20
MOST_OUT: Final = 64 << 20


class CannotSet(Exception):
    """A document that cannot be set within the limits; its DOCX is whole."""


@dataclass(frozen=True)
class Stamp:
    """A picture at a named place of the paper: over the middle of its words, over the date that ends them, or behind
    them; its width, and how far it is moved down, in points."""

    at: str
    picture: str
    width: float
    where: Literal["middle", "date", "behind"] = "middle"
    down: float = 0


def pdf_of(
    document: bytes,
    *,
    title: str,
    at: datetime,
    watermark: str = "",
    stamps: Sequence[Stamp] = (),
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """The PDF of a DOCX that this room made: the same bytes for the same input. Not to be asked while a row is locked:
    it takes a second. Raises CannotSet beyond the limits."""
    reading = Reading(document)
    paper = {
        "title": title,
        "watermark": watermark,
        "sections": reading.sections(),
        "stamps": [asdict(stamp) for stamp in stamps],
    }
    files = {**reading.pictures, **(pictures or {})}
    if len(document) + sum(map(len, files.values())) > MOST_IN:
        raise CannotSet("more than the limit to read")
    job = {
        "at": int(at.timestamp()),
        "paper": paper,
        "files": {n: base64.b64encode(c).decode() for n, c in files.items()},
    }
    return _set(json.dumps(job).encode())


def _set(job: bytes) -> bytes:
    command = [sys.executable, str(PROGRAM)]
    try:
        done = subprocess.run(command, input=job, capture_output=True, timeout=LONGEST, check=False)  # noqa: S603 - ours
    except subprocess.TimeoutExpired as error:
        raise CannotSet(f"not done in {LONGEST} s") from error
    if done.returncode:
        raise CannotSet(done.stderr.decode(errors="replace")[-2000:])
    if len(done.stdout) > MOST_OUT:
        raise CannotSet("more than the limit to write")
    return done.stdout
