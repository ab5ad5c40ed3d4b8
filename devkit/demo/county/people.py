"""Accounts of the demo county: one for each role, and those that the stories need."""

import secrets
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from grids.actions import post_person
from grids.models import Organisation, Role, Service, ServiceKind, Territory
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User

STARTS = date(2025, 1, 1)
CENTRE = "扎鲁特旗社会治安综合治理中心"
GRID = "150526103200001"


@dataclass(frozen=True)
class Account:
    """A demo account as printed once: its password is known nowhere else."""

    username: str
    password: str
    name: str
    post: str


PEOPLE: tuple[tuple[str, str, str, Role, str], ...] = (
    ("chuangkou", "包萨仁", CENTRE, Role.CLERK, "窗口受理员"),
    ("fenliu", "韩冰", CENTRE, Role.DISPATCHER, "研判分流员"),
    ("zhuren", "李建国", CENTRE, Role.MANAGER, "旗综治中心主任"),
    ("lingdao", "陈志强", "扎鲁特旗党委政法委员会", Role.LEADER, "政法委领导"),
    ("sifaju", "王立新", "扎鲁特旗司法局", Role.HANDLER, "部门经办人"),
    ("renshe", "赵敏", "扎鲁特旗人力资源和社会保障局", Role.HANDLER, "部门经办人"),
    ("tiaojie", "那顺", "那顺金牌调解室", Role.MEDIATOR, "金牌调解员"),
    ("juri-chuangkou", "刘芳", "巨日合镇综治中心", Role.CLERK, "镇窗口受理员"),
    ("juri-fenliu", "白玉山", "巨日合镇综治中心", Role.DISPATCHER, "镇研判分流员"),
    ("juri-zhuren", "孙海涛", "巨日合镇综治中心", Role.MANAGER, "镇综治中心主任"),
    ("juri-sifasuo", "高娃", "巨日合镇司法所", Role.HANDLER, "镇司法所经办人"),
    ("wujiazi", "付德柱", "巨日合镇五家子村综治中心", Role.MANAGER, "村综治中心负责人"),
    ("wangge", "徐秀英", "巨日合镇五家子村综治中心", Role.GRID_WORKER, "专职网格员"),
    ("minjing", "乌力吉", "巨日合镇派出所", Role.HANDLER, "包片民警"),
    ("lubei-fenliu", "邢磊", "鲁北镇综治中心", Role.DISPATCHER, "鲁北镇研判分流员"),
    ("xitong", "周工", CENTRE, Role.SYSTEM_ADMIN, "系统管理员"),
    ("anquan", "吴工", CENTRE, Role.SECURITY_ADMIN, "安全管理员"),
    ("shenji", "郑工", CENTRE, Role.AUDITOR, "审计员"),
)


def make_accounts() -> list[Account]:
    """Make the accounts that are missing, each with a password of its own; those that were made."""
    known = set(User.objects.values_list("username", flat=True))
    return [_make(*person) for person in PEOPLE if person[0] not in known]


def _make(username: str, name: str, organisation: str, role: Role, title: str) -> Account:
    password = f"Zz{secrets.randbelow(90) + 10}-{secrets.token_urlsafe(9)}"
    user = create_user(username=username, name=name, password=password)
    area = Territory.objects.get(code=GRID) if role == Role.GRID_WORKER else None
    place = Organisation.objects.get(name=organisation)
    post_person(user, place, role, starts_on=STARTS, area=area, title=title)
    _link(user)
    return Account(username, password, name, f"{place.short_name} · {title}")


SERVES = {"wangge": ServiceKind.FULL_TIME, "minjing": ServiceKind.OFFICER}


def _link(user: User) -> None:
    """Let the account be that of the person on the roster of the stories' grid."""
    kind = SERVES.get(user.username)
    if kind is None:
        return
    at_grid = Q(territory__code=GRID) | Q(beat__coverage__territory__code=GRID)
    service = Service.objects.filter(at_grid, kind=kind, ends_on=None).select_related("person").first()
    if service is not None:
        service.person.user, service.person.name = user, user.name
        service.person.save(update_fields=["user", "name"])
