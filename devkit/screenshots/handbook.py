"""The pictures of the handbook: who looks at which page of the demo county, and what is open on it.

    make handbook

What is on a page is what the demo county holds on the day; nothing is drawn by hand. Cases that a picture registers
stay in the demo's data.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from devkit.screenshots.demo_pages import DemoPages, NotReady, Size
from devkit.servers import ROOT

FOLDER = ROOT / "static" / "handbook"
SCREEN, PHONE = (1366, 768), (390, 780)
COLOURS = 256
"""Enough for pages of one hand; a third of the bytes."""
Address = str | Callable[[], str]
NARRATIVE = "春耕时发现邻居把地界往东挪了两垄，找村干部说过两次没有结果，昨天在地头又争吵起来。"
REQUEST = "请丈量土地，退还占用的两垄地。"


@dataclass(frozen=True)
class Shot:
    """One picture: whose page, where, and what is done on it before it is taken."""

    who: str
    path: Address
    prepare: Callable[[Page], None] | None = None
    size: Size = SCREEN


def take(demo: DemoPages, shot: Shot) -> bytes:
    """The picture as PNG of few colours."""
    path = shot.path if isinstance(shot.path, str) else shot.path()
    with demo.page(shot.who, path, shot.size) as page:
        if shot.prepare is not None:
            shot.prepare(page)
            page.wait_for_load_state("networkidle")
        return _lean(page.screenshot(caret="initial", animations="disabled"))


def _lean(content: bytes) -> bytes:
    picture = Image.open(BytesIO(content)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    kept = BytesIO()
    picture.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def write_pictures(demo: DemoPages, only: list[str]) -> list[Path]:
    """Take all pictures, or those named; what was written. Raises NotReady in the end with what could not be taken."""
    FOLDER.mkdir(exist_ok=True)
    _forget_what_was_typed()
    written, failed = [], []
    for name, shot in SHOTS.items():
        if only and name not in only:
            continue
        file = FOLDER / f"{name}.png"
        try:
            file.write_bytes(take(demo, shot))
            written.append(file)
        except (PlaywrightError, LookupError) as error:
            failed.append(f"{name}：{error}")
    if failed:
        raise NotReady("没有截到：\n" + "\n".join(failed))
    return written


def _forget_what_was_typed() -> None:
    """Entries that a picture left half typed would stand on the next one."""
    from intake.models import EntryAutosave
    from workbench.models import KeptInput

    EntryAutosave.objects.all().delete()
    KeptInput.objects.all().delete()


def case_where(**wanted: Any) -> Callable[[], str]:
    """The page of the case of the demo that was registered last among those like this."""

    def address() -> str:
        from intake.models import Case

        case = Case.objects.filter(is_restricted=False, **wanted).order_by("-pk").first()
        if case is None:
            raise LookupError(f"演示旗县没有这样的案件：{wanted}")
        return f"/cases/{case.code}/"

    return address


def in_hand() -> str:
    """The page of a case that the justice bureau has signed for and nobody mediates; one that waits is signed for."""
    from intake.actions import sign_for_case
    from intake.models import Case
    from zhongzhi.accounts.models import User

    cases = Case.objects.filter(is_restricted=False, holder__name="扎鲁特旗司法局", mediations=None).order_by("-pk")
    case = cases.filter(status="handling").first() or cases.filter(status="dispatched")[0]
    if case.status == "dispatched":
        sign_for_case(case, actor=User.objects.get(username="sifaju"))
    return f"/cases/{case.code}/"


def followed() -> str:
    """The page that a citizen opens with a receipt, printed for the picture."""
    from intake.models import Case, PartySide
    from intake.public.actions import issue_query_code
    from zhongzhi.accounts.models import User

    cases = Case.objects.filter(is_restricted=False, status="handling", channel="01")
    case = cases.order_by("-pk")[0]
    party = case.parties.filter(side=PartySide.APPLICANT)[0]
    issued = issue_query_code(case, party, actor=User.objects.get(username="chuangkou"))
    return f"/q/{issued.text}/"


def press(label: str) -> Callable[[Page], None]:
    """The dialog of an act, opened from the head of the case page."""

    def open_dialog(page: Page) -> None:
        buttons = page.locator(".dossier-acts").get_by_role("button", name=label, exact=True)
        if not buttons.first.is_visible():
            page.locator(".dossier-acts summary").click()
        buttons.first.click()
        page.locator("#sheet h2").wait_for()

    return open_dialog


def fill_entry(page: Page, number: str = "150526198807163012", name: str = "高俊杰", other: str = "齐立国") -> None:
    """A walk-in with two parties."""
    page.locator("[name=parties-0-paper_number]").fill(number)
    page.locator("[name=parties-0-name]").fill(name)
    page.locator("[name=parties-0-phone]").fill("13947500026")
    page.locator("[name=parties-1-name]").fill(other)
    page.get_by_label("事情经过").fill(NARRATIVE)
    page.get_by_label("诉求").fill(REQUEST)
    _pick(page, "发生地", "五家子")
    _pick(page, "纠纷类别", "土地")


def _pick(page: Page, label: str, typed: str) -> None:
    page.get_by_label(label, exact=False).first.click()
    page.keyboard.type(typed)
    page.locator(".picker-list:not([hidden]) [role=option]").first.click()


def register(page: Page) -> None:
    """Another, registered."""
    fill_entry(page, "152327196503152419", "张建军", "王海山")
    page.keyboard.press("Control+Enter")
    page.locator("[data-key=n]").wait_for()


def tick_three(page: Page) -> None:
    """Three rows of a list, chosen."""
    for tick in page.locator("tbody [data-tick]").all()[:3]:
        tick.check()


COUNTY = "扎鲁特旗社会治安综合治理中心"
SHOTS: dict[str, Shot] = {
    "todo": Shot("fenliu", "/"),
    "register": Shot("chuangkou", "/cases/new/", fill_entry),
    "registered": Shot("chuangkou", "/cases/new/", register),
    "follow": Shot("", followed, size=PHONE),
    "find": Shot("fenliu", "/cases/", tick_three),
    "accept": Shot("fenliu", case_where(status="registered", centre__name=COUNTY), press("受理")),
    "dispatch": Shot("fenliu", case_where(status="accepted", centre__name=COUNTY), press("交办")),
    "import": Shot("fenliu", "/cases/imports/"),
    "case": Shot("sifaju", in_hand),
    "report": Shot("sifaju", in_hand, press("反馈办理结果")),
    "letters": Shot("sifaju", "/documents/mine/"),
    "mediation": Shot("tiaojie", "/mediation/"),
    "calendar": Shot("tiaojie", "/mediation/calendar/"),
    "urge": Shot("zhuren", case_where(status="handling", centre__name="巨日合镇综治中心"), press("催办")),
    "board": Shot("zhuren", "/documents/board/"),
    "review": Shot("fenliu", case_where(status="concluded", centre__name=COUNTY), press("审核办结")),
    "figures": Shot("lingdao", "/figures/"),
    "field": Shot("wangge", "/field/", size=PHONE),
    "people": Shot("xitong", "/grids/staff/"),
    "security": Shot("anquan", "/security/accounts/"),
    "audit": Shot("shenji", "/auditing/trail/"),
    "clients": Shot("xitong", "/system/clients/"),
}
