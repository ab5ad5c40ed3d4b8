"""Contact sheets: twenty pages of the demo county on three screens, side by side, to be looked at.

make pages
"""

from pathlib import Path

from PIL import Image

from devkit.screenshots.demo_pages import DemoPages, NotReady
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
    """Take every page on every screen, or those whose screen or name is given, and lay them out; the sheets.

    Raises NotReady in the end for a page that is wider than its screen, or of which the browser's console complains.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    widths = [width for width in SCREENS if str(width) in only] or list(SCREENS)
    parts = [part for part in only if not part.isdecimal() or int(part) not in SCREENS]
    names = [name for name in PAGES if any(part in name for part in parts)] or list(PAGES)
    faults: list[str] = []
    sheets = []
    for width in widths:
        pictures = [_picture(demo, name, width, faults) for name in names]
        sheets.append(_sheet(pictures, width, SCREENS[width]))
    if faults:
        raise NotReady("\n".join(faults))
    return sheets


def _picture(demo: DemoPages, name: str, width: int, faults: list[str]) -> Path:
    """One page on one screen; what is wrong with it is added to the faults."""
    who, path = PAGES[name]
    file = FOLDER / f"{name}-{width}.png"
    with demo.page(who, path if isinstance(path, str) else path(), (width, SCREENS[width])) as page:
        page.screenshot(path=file, animations="disabled")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            faults.append(f"超出屏幕：{name} {width}")
        said = [*(message.text for message in page.console_messages() if message.type == "error"), *page.page_errors()]
        faults.extend(f"控制台：{name} {width} {text}" for text in said)
    return file


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
