"""Every page that the tests of papers have kept, side by side: python tests/office/contact_sheet.py FOLDER."""

import sys
from pathlib import Path

from PIL import Image

ACROSS, DOWN, GAP = 6, 3, 6
GREY = (120, 120, 120)


def sheets(folder: Path) -> list[Path]:
    """Write contact sheets beside the pages; what was written."""
    pages = sorted(path for path in folder.glob("*.png") if not path.name.startswith("contact-"))
    written = []
    for at in range(0, len(pages), ACROSS * DOWN):
        target = folder / f"contact-{at // (ACROSS * DOWN) + 1:02d}.png"
        _sheet(pages[at : at + ACROSS * DOWN]).save(target)
        written.append(target)
    return written


def _sheet(pages: list[Path]) -> Image.Image:
    pictures = [Image.open(page).convert("RGB") for page in pages]
    width, height = max(p.width for p in pictures) + GAP, max(p.height for p in pictures) + GAP
    sheet = Image.new("RGB", (width * ACROSS, height * DOWN), GREY)
    for at, picture in enumerate(pictures):
        sheet.paste(picture, (at % ACROSS * width, at // ACROSS * height))
    return sheet


if __name__ == "__main__":
    print("\n".join(str(path) for path in sheets(Path(sys.argv[1]))))  # noqa: T201
