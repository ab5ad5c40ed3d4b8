"""Parts of docs/warnings.md that a command writes, each under its title, with the day and the commit."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""Not from the settings: the benchmark writes too, and is loaded before there is an environment for them."""
FILE = ROOT / "docs" / "warnings.md"


def write_part(title: str, text: str) -> None:
    """Put a part in the place of the one with the same title, at the end of the file."""
    rest = re.sub(rf"{title}\n.*?(?=^## |\Z)", "", FILE.read_text(encoding="utf-8"), flags=re.M | re.S).rstrip()
    FILE.write_text(f"{rest}\n\n{text}", encoding="utf-8")


def commit() -> str:
    """What is measured, by the commit it stands on."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    return done.stdout.decode().strip() or "–"
