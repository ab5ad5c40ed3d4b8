"""The mark as PNG, for home screens that take no SVG: drawn from the same shapes as `static/img/mark.svg`.

`python -m devkit.icons` writes the files anew; they are committed, nothing is drawn when the program runs.
"""

from PIL import Image, ImageDraw

from devkit.servers import ROOT

FOLDER = ROOT / "static" / "img"
BLUE, WHITE = "#0f3260", "#ffffff"
SIDE, CORNER, FINER = 32, 7, 4
ROOF = ((16, 6), (26, 13), (6, 13))
WALLS = ((8, 15, 11, 23), (14.5, 15, 17.5, 23), (21, 15, 24, 23), (6, 24, 26, 26.5))
FILES = {"app-192.png": (192, False), "app-512.png": (512, False), "app-maskable-512.png": (512, True)}
SAFE = 0.72
"""Of a maskable icon only the middle is sure to be seen: the mark is drawn smaller there, on a full ground."""


def icon(side: int, *, maskable: bool) -> Image.Image:
    """The mark on a square of so many pixels, with round corners unless it is to be masked."""
    whole = side * FINER
    image = Image.new("RGBA", (whole, whole), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, whole - 1, whole - 1), 0 if maskable else whole * CORNER / SIDE, fill=BLUE)
    scale = whole / SIDE * (SAFE if maskable else 1)
    shift = (whole - SIDE * scale) / 2
    draw.polygon([(x * scale + shift, y * scale + shift) for x, y in ROOF], fill=WHITE)
    for left, top, right, bottom in WALLS:
        corners = (left * scale + shift, top * scale + shift, right * scale + shift - 1, bottom * scale + shift - 1)
        draw.rectangle(corners, fill=WHITE)
    return image.resize((side, side), Image.Resampling.LANCZOS)


def write() -> None:
    """Write every file of the list."""
    for name, (side, maskable) in FILES.items():
        icon(side, maskable=maskable).save(FOLDER / name, optimize=True)


if __name__ == "__main__":
    write()
