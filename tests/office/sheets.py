"""Ways to read papers back after LibreOffice has laid them out: text, positions, pictures."""

import io
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image
from pypdf import PdfReader

from zhongzhi.office.pdf import pdf_of

FONTS = settings.BASE_DIR / "zhongzhi" / "office" / "fonts.conf"
MM = 72 / 25.4
"""Points of a millimetre: positions in a PDF are points."""


@dataclass(frozen=True)
class Word:
    """A piece of text on a page, with the edges of its box in millimetres from the upper left corner."""

    text: str
    page: int
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: "Word") -> bool:
        """Whether their ink meets: the box of a word is as high as its line, its signs take the middle of it."""
        air = 0.25 * min(self.bottom - self.top, other.bottom - other.top)
        meets = self.left < other.right and other.left < self.right and self.page == other.page
        return meets and self.top + air < other.bottom - air and other.top + air < self.bottom - air


def as_pdfs(folder: Path, documents: dict[str, bytes], by: str = "office") -> dict[str, list[str]]:
    """The pages of each document, as text; set by LibreOffice, or by the system itself."""
    for name, content in documents.items():
        (folder / f"{name}.docx").write_bytes(content)
    SETTERS[by](folder, documents)
    return {name: [p.extract_text() for p in PdfReader(folder / f"{name}.pdf").pages] for name in documents}


def _by_libre_office(folder: Path, documents: dict[str, bytes]) -> None:
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "pdf"]
    command += ["--outdir", str(folder), *(str(folder / f"{name}.docx") for name in documents)]
    environment = {**os.environ, "FONTCONFIG_FILE": str(FONTS)}
    subprocess.run(command, check=True, capture_output=True, timeout=240, env=environment)


def _by_ourselves(folder: Path, documents: dict[str, bytes]) -> None:
    for name, content in documents.items():
        (folder / f"{name}.pdf").write_bytes(pdf_of(content, title=name, at=WHEN))


SETTERS = {"office": _by_libre_office, "own": _by_ourselves}
BOTH = pytest.mark.parametrize("by", SETTERS)
"""Each paper is measured twice: as Word users print it, and as it is kept."""
WHEN = datetime(2026, 11, 24, tzinfo=UTC)


def words_of_pdf(content: bytes) -> str:
    """All words of a PDF, without what a line break may change."""
    return bare("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def words_of(pdf: Path) -> list[Word]:
    """Every piece of text with its place, as pdftotext finds it."""
    told = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    found, page = [], 0
    pattern = re.compile(r'<page |<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
    for match in pattern.finditer(told):
        if match[5] is None:
            page += 1
            continue
        left, top, right, bottom = (float(match[n]) / MM for n in range(1, 5))
        found.append(Word(match[5], page, left, top, right, bottom))
    return found


def lines_of(pdf: Path) -> list[str]:
    """The text as it stands, line by line."""
    command = ["pdftotext", "-layout", str(pdf), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def picture_of(pdf: Path, *, page: int) -> Image.Image:
    """One page as a picture of 100 points an inch."""
    command = ["pdftoppm", "-r", "100", "-png", "-f", str(page), "-l", str(page), "-singlefile", str(pdf)]
    subprocess.run([*command, str(pdf.with_suffix(""))], check=True)
    return Image.open(pdf.with_suffix(".png")).convert("RGB")


def bare(text: str) -> str:
    """Without what a line break may change; quotation marks are drawn apart and read out of their order."""
    return re.sub(r"[\s“”]+", "", text)


def shown(name: str, folder: Path) -> None:
    """Keep the PDFs, and a picture of each page, where ZHONGZHI_PAPERS names a folder, to look at them."""
    keep = os.environ.get("ZHONGZHI_PAPERS")
    if not keep:
        return
    Path(keep).mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.pdf"):
        target = Path(keep) / f"{name}-{path.name}"
        shutil.copy(path, target)
        subprocess.run(["pdftoppm", "-r", "60", "-png", str(target), str(target.with_suffix(""))], check=True)
