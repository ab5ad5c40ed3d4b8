"""The chapters of the handbook, whom each is for, from which pages it is opened, and its pictures."""

from collections.abc import Callable
from dataclasses import dataclass

from grids.permissions import walks_own_grids
from grids.roles import Capability
from grids.scope import scope_of
from zhongzhi.accounts.models import User

SCREEN, PHONE = (1366, 768), (390, 780)


@dataclass(frozen=True)
class Picture:
    """A picture of a page, `static/handbook/NAME.png`, what it shows, and its pixels: the page keeps room for it, so
    that a chapter stands where it was opened. `make handbook` takes it."""

    name: str
    words: str
    size: tuple[int, int] = SCREEN

    @property
    def file(self) -> str:
        """Where it lies among the static files."""
        return f"handbook/{self.name}.png"


@dataclass(frozen=True)
class Chapter:
    """One task: its name in addresses, its title, who does it in words, where the pages lie at which it is done, whose
    work it is, and its pictures."""

    name: str
    title: str
    who: str
    pages: tuple[str, ...]
    concerns: Callable[[User], bool]
    pictures: tuple[Picture, ...]


def _may(*capabilities: Capability) -> Callable[[User], bool]:
    """Whose post of today opens one of these."""
    return lambda user: any(scope_of(user).may(capability) for capability in capabilities)


def _everyone(user: User) -> bool:
    return True


CHAPTERS = (
    Chapter("todo", "每天先看待办", "所有人", ("/",), _everyone, (Picture("todo", "待办：先到期的在前，右边直接办"),)),
    Chapter(
        "register",
        "群众来了，怎么登记",
        "窗口受理员",
        ("/cases/new/", "/cases/drafts/"),
        _may(Capability.SERVE_AT_WINDOW),
        (Picture("register", "登记：一屏填完"), Picture("registered", "登记完成：打印告知、受理、接待下一位")),
    ),
    Chapter(
        "receipt",
        "群众问“办到哪了”",
        "窗口受理员",
        ("/q/",),
        _may(Capability.ISSUE_RECEIPT),
        (Picture("follow", "群众用手机查到的办理进度", PHONE),),
    ),
    Chapter(
        "find",
        "找案件、列表、批量办理",
        "所有人",
        ("/cases/", "/todo/"),
        _may(Capability.READ_OWN_WORK, Capability.READ_TERRITORY),
        (Picture("find", "列表：勾选多件，下面一起办"),),
    ),
    Chapter(
        "triage",
        "受理、研判、交办",
        "研判分流员",
        ("/todo/triage/", "/todo/dispatch/", "/meetings/"),
        _may(Capability.SORT),
        (Picture("accept", "受理：写明办后的时限"), Picture("dispatch", "交办：系统建议承办单位和理由")),
    ),
    Chapter(
        "import",
        "导入来电、工单、来信",
        "窗口受理员、研判分流员",
        ("/cases/imports/",),
        _may(Capability.IMPORT),
        (Picture("import", "导入：先检查，再入库"),),
    ),
    Chapter(
        "handle",
        "签收、记录、反馈",
        "部门和乡镇经办人",
        ("/todo/sign/", "/todo/handle/", "/texts/"),
        _may(Capability.HANDLE),
        (Picture("case", "案件页：最上面的按钮就是下一步"), Picture("report", "反馈办理结果")),
    ),
    Chapter(
        "letters",
        "单函：签收、答复、签发",
        "经办人、负责人",
        ("/documents/",),
        _may(Capability.ANSWER_DOCUMENTS),
        (Picture("letters", "单函：发给本单位的和本单位发出的"),),
    ),
    Chapter(
        "mediation",
        "安排调解、写笔录、做协议",
        "调解员",
        ("/mediation/",),
        _may(Capability.MEDIATE),
        (Picture("mediation", "调解工作台"), Picture("calendar", "调解日历")),
    ),
    Chapter(
        "supervise",
        "催办、提级、包案",
        "综治中心负责人",
        ("/tiers/", "/documents/board/", "/cases/hung-up/"),
        _may(Capability.SORT),
        (Picture("urge", "催办下级中心手上的案件"), Picture("board", "督办台账")),
    ),
    Chapter(
        "close",
        "审核、回访、归档",
        "研判分流员、窗口受理员",
        ("/cases/follow-up/", "/todo/review/"),
        _may(Capability.CLOSE, Capability.FOLLOW_UP),
        (Picture("review", "审核办结：反馈的结果就在旁边"),),
    ),
    Chapter(
        "figures",
        "看态势、出报告、上大屏",
        "领导、综治中心负责人",
        ("/figures/",),
        _may(Capability.READ_GLANCE),
        (Picture("figures", "态势：每个数字点开就是案件"),),
    ),
    Chapter(
        "field",
        "网格员在手机上",
        "网格员",
        ("/grids/", "/field/"),
        walks_own_grids,
        (Picture("field", "手机页：上报、走访、本网格", PHONE),),
    ),
    Chapter(
        "people",
        "机构、人员、岗位、规则",
        "系统管理员",
        ("/system/", "/grids/staff/", "/grids/post-reviews/"),
        _may(Capability.KEEP_ALL_PEOPLE),
        (Picture("people", "人员与岗位"),),
    ),
    Chapter(
        "security",
        "账号安全",
        "安全管理员",
        ("/security/", "/account/"),
        _may(Capability.KEEP_SIGN_IN),
        (Picture("security", "账号：解锁、重置密码、停用"),),
    ),
    Chapter(
        "audit",
        "查留痕",
        "审计员",
        ("/auditing/",),
        _may(Capability.READ_TRAIL),
        (Picture("audit", "审计：谁做了什么"),),
    ),
    Chapter(
        "api",
        "外部系统怎么接",
        "外部系统的开发人员",
        ("/system/clients/", "/system/exchange/", "/api/"),
        _may(Capability.KEEP_API_CLIENTS),
        (Picture("clients", "接口：登记外部系统和令牌"),),
    ),
)


def chapter_at(path: str) -> Chapter:
    """The chapter of a page: that whose address it lies nearest below."""
    found = [(len(page), chapter) for chapter in CHAPTERS for page in chapter.pages if _lies_below(path, page)]
    return max(found, key=lambda pair: pair[0], default=(0, CHAPTERS[0]))[1]


def chapters_for(user: User) -> tuple[list[Chapter], list[Chapter]]:
    """The chapters of one's own posts of today, and the others; each in the order of the handbook."""
    own = [chapter for chapter in CHAPTERS if chapter.concerns(user)]
    return own, [chapter for chapter in CHAPTERS if chapter not in own]


def _lies_below(path: str, page: str) -> bool:
    return path == page if page == "/" else path.startswith(page)
