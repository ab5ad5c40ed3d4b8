"""Contact sheets: twenty pages of the demo county on three screens, side by side, to be looked at.

make pages
"""

from pathlib import Path

from PIL import Image

from devkit.screenshots.demo_pages import DemoPages
from devkit.screenshots.handbook import COUNTY, Address, case_where, in_hand
from devkit.servers import ROOT

FOLDER = ROOT / "build" / "pages"
SCREENS = {1366: 768, 360: 740, 1920: 1080}
ACROSS = {1366: 4, 360: 10, 1920: 4}
THUMB = {1366: 683, 360: 240, 1920: 683}
GAP, GREY = 8, (110, 110, 110)
PAGES: dict[str, tuple[str, Address]] = {
    "01-待办": ("fenliu", "/"),
    "02-登记": ("chuangkou", "/cases/new/"),
    "03-案件": ("fenliu", "/cases/"),
    "04-待研判": ("fenliu", "/todo/triage/"),
    "05-案件页": ("sifaju", in_hand),
    "06-案件页-已办结": ("chuangkou", case_where(status="closed", centre__name=COUNTY)),
    "07-导入": ("fenliu", "/cases/imports/"),
    "08-碰头会": ("fenliu", "/meetings/"),
    "09-单函": ("zhuren", "/documents/mine/"),
    "10-督办台账": ("zhuren", "/documents/board/"),
    "11-调解": ("tiaojie", "/mediation/"),
    "12-调解日历": ("tiaojie", "/mediation/calendar/"),
    "13-领导待办": ("lingdao", "/"),
    "14-态势": ("lingdao", "/figures/"),
    "15-预警": ("zhuren", "/warnings/"),
    "16-网格": ("wangge", "/grids/"),
    "17-手机页": ("wangge", "/field/"),
    "18-人员": ("xitong", "/grids/staff/"),
    "19-账号安全": ("anquan", "/security/accounts/"),
    "20-手册": ("chuangkou", "/help/"),
}


def write_sheets(demo: DemoPages, only: list[str]) -> list[Path]:
    """Take every page on every screen and lay them out; the sheets. What is wider than its screen is said."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    sheets = []
    for width, height in SCREENS.items():
        if only and str(width) not in only:
            continue
        pictures = []
        for name, (who, path) in PAGES.items():
            address = path if isinstance(path, str) else path()
            with demo.page(who, address, (width, height)) as page:
                file = FOLDER / f"{name}-{width}.png"
                page.screenshot(path=file, animations="disabled")
                if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                    print(f"超出屏幕：{name} {width}", flush=True)
                pictures.append(file)
        sheets.append(_sheet(pictures, width, height))
    return sheets


def _sheet(pictures: list[Path], width: int, height: int) -> Path:
    thumb, across = THUMB[width], ACROSS[width]
    tall = round(thumb * height / width)
    rows = -(-len(pictures) // across)
    sheet = Image.new("RGB", (across * (thumb + GAP) + GAP, rows * (tall + GAP) + GAP), GREY)
    for at, file in enumerate(pictures):
        small = Image.open(file).convert("RGB").resize((thumb, tall), Image.Resampling.LANCZOS)
        sheet.paste(small, (GAP + at % across * (thumb + GAP), GAP + at // across * (tall + GAP)))
    target = FOLDER / f"contact-{width}.png"
    sheet.save(target)
    return target
