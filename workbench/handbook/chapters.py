"""The chapters of the handbook, whom each is for, and from which pages it is opened."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Chapter:
    """One task: its name in addresses, its title, who does it, and where the pages lie at which it is done."""

    name: str
    title: str
    who: str
    pages: tuple[str, ...] = ()


CHAPTERS = (
    Chapter("todo", "每天先看待办", "所有人", ("/",)),
    Chapter("register", "群众来了，怎么登记", "窗口受理员", ("/cases/new/", "/cases/drafts/")),
    Chapter("receipt", "群众问“办到哪了”", "窗口受理员", ("/q/",)),
    Chapter("find", "找案件、列表、批量办理", "所有人", ("/cases/", "/todo/")),
    Chapter("triage", "受理、研判、交办", "研判分流员", ("/todo/triage/", "/todo/dispatch/", "/meetings/")),
    Chapter("import", "导入来电、工单、来信", "窗口受理员、研判分流员", ("/cases/imports/",)),
    Chapter("handle", "签收、记录、反馈", "部门和乡镇经办人", ("/todo/sign/", "/todo/handle/", "/texts/")),
    Chapter("letters", "单函：签收、答复、签发", "经办人、负责人", ("/documents/",)),
    Chapter("mediation", "安排调解、写笔录、做协议", "调解员", ("/mediation/",)),
    Chapter("supervise", "催办、提级、包案", "综治中心负责人", ("/tiers/", "/documents/board/", "/cases/hung-up/")),
    Chapter("close", "审核、回访、归档", "研判分流员、窗口受理员", ("/cases/follow-up/", "/todo/review/")),
    Chapter("figures", "看态势、出报告、上大屏", "领导、综治中心负责人", ("/figures/",)),
    Chapter("field", "网格员在手机上", "网格员", ("/grids/", "/field/")),
    Chapter("people", "机构、人员、岗位、规则", "系统管理员", ("/system/", "/grids/staff/", "/grids/post-reviews/")),
    Chapter("security", "账号安全", "安全管理员", ("/security/", "/account/")),
    Chapter("audit", "查留痕", "审计员", ("/auditing/",)),
    Chapter("api", "外部系统怎么接", "外部系统的开发人员", ("/system/clients/", "/system/exchange/", "/api/")),
)


def chapter_at(path: str) -> Chapter:
    """The chapter of a page: that whose address it lies nearest below."""
    found = [(len(page), chapter) for chapter in CHAPTERS for page in chapter.pages if _lies_below(path, page)]
    return max(found, key=lambda pair: pair[0], default=(0, CHAPTERS[0]))[1]


def _lies_below(path: str, page: str) -> bool:
    return path == page if page == "/" else path.startswith(page)
