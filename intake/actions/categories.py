"""The county's own categories are added; every category can be renamed, closed and opened, and is never deleted."""

from dataclasses import dataclass

from django.db import transaction

from intake.models import Category
from intake.permissions.keeping import may_keep_categories
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, InvalidTransition, NotFound, RuleViolation, require
from zhongzhi.core.text import clean_text

WHO = "纠纷类别由系统管理员维护。"
FIRST, LAST = 51, 89


@dataclass(frozen=True)
class CategoryFacts:
    """What a county decides about a category."""

    name: str
    people_mediable: bool = True
    default_lead: str = ""


@transaction.atomic
def add_category(group: str, facts: CategoryFacts, *, actor: User) -> Category:
    """Add a category of the county's own to a group, under the next free code from 51 to 89.

    Raises RuleViolation for a name the group has already, and for a group that is full.
    """
    require(may_keep_categories(actor), WHO)
    parent = _locked(group)
    if parent.parent_id is not None:
        raise RuleViolation("只能在大类下增设。", field="group")
    name, lead = _checked(facts)
    _require_new_name(parent, name)
    codes = set(Category.objects.filter(parent=parent).values_list("code", flat=True))
    code = next((f"{group}{n}" for n in range(FIRST, LAST + 1) if f"{group}{n}" not in codes), None)
    if code is None:
        raise RuleViolation("这个大类本地增设的代码已用完。", field="group")
    row = Category.objects.create(
        code=code, name=name, parent=parent, is_local=True, default_lead=lead, people_mediable=facts.people_mediable
    )
    record(actor, Verb.CATEGORY_ADDED, f"category:{code}", name=name)
    return row


@transaction.atomic
def change_category(code: str, facts: CategoryFacts, *, actor: User) -> Category:
    """Change who usually leads; of the county's own also the name and whether people's mediation takes it.

    The name of a national category stays: figures are compared by it.
    """
    require(may_keep_categories(actor), WHO)
    row = _locked(code)
    name, lead = _checked(facts)
    if not row.is_local and (name, facts.people_mediable) != (row.name, row.people_mediable):
        raise RuleViolation("国家统一的类别不能改名，也不能改变能否由人民调解。", field="name")
    if row.parent is not None and name != row.name:
        _require_new_name(row.parent, name)
    before = {"name": row.name, "default_lead": row.default_lead, "people_mediable": row.people_mediable}
    row.name, row.default_lead, row.people_mediable = name, lead, facts.people_mediable
    row.save(update_fields=["name", "default_lead", "people_mediable"])
    record(actor, Verb.CATEGORY_CHANGED, f"category:{code}", before=before)
    return row


@transaction.atomic
def switch_category(code: str, *, is_active: bool, actor: User) -> Category:
    """Close a category to new cases, or open it again; cases that carry it keep it."""
    require(may_keep_categories(actor), WHO)
    row = _locked(code)
    if row.parent_id is None:
        raise RuleViolation("大类不能停用，请停用其中的小类。")
    if row.is_active == is_active:
        raise InvalidTransition("这个类别已经启用。" if is_active else "这个类别已经停用。")
    row.is_active = is_active
    row.save(update_fields=["is_active"])
    record(actor, Verb.CATEGORY_OPENED if is_active else Verb.CATEGORY_CLOSED, f"category:{code}")
    return row


def _locked(code: str) -> Category:
    row = Category.objects.select_for_update(of=("self",)).select_related("parent").filter(pk=code).first()
    if row is None:
        raise NotFound("没有找到这个纠纷类别。")
    return row


def _checked(facts: CategoryFacts) -> tuple[str, str]:
    name = clean_text(facts.name, field="name", max_length=60)
    if not name:
        raise BadInput("请填写类别名称。", field="name")
    return name, clean_text(facts.default_lead, field="default_lead", max_length=30)


def _require_new_name(parent: Category, name: str) -> None:
    if Category.objects.filter(parent=parent, name=name).exists():
        raise RuleViolation("这个大类下已有同名的类别。", field="name")
