"""What the linters cannot see: keys point down the hill, the ORM stays in its place, functions stay small."""

import ast
import re
import statistics
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, ManyToManyField, OneToOneField

ROOT = Path(settings.BASE_DIR)
HILL = {
    "web": 1,
    "audit": 2,
    "files": 2,
    "notices": 2,
    "accounts": 3,
    "jobs": 4,
    "grids": 5,
    "intake": 6,
    "mediation": 7,
    "referrals": 7,
    "early_warning": 8,
    "workbench": 9,
}
OURS = [
    p
    for folder in ("zhongzhi", "grids", "intake", "mediation", "referrals", "early_warning", "workbench", "devkit")
    for p in (ROOT / folder).rglob("*.py")
    if "migrations" not in p.parts
]
NO_ORM = ("views", "api", "serializers", "tasks", "context", "forms")
LONGEST = 40


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_foreign_keys_point_down_the_hill_but_for_the_user() -> None:
    uphill = []
    for model in apps.get_models():
        if (label := model._meta.app_label) not in HILL:
            continue
        for field in model._meta.get_fields():
            if not isinstance(field, (ForeignKey, OneToOneField, ManyToManyField)):
                continue
            target = field.related_model._meta  # type: ignore[union-attr]
            to_user = target.label == settings.AUTH_USER_MODEL and label in ("audit", "files", "notices")
            level = HILL.get(target.app_label, 0)
            if not to_user and (level > HILL[label] or (level == HILL[label] and target.app_label != label)):
                uphill.append(f"{model._meta.label}.{field.name} -> {target.label}")
    assert uphill == []


def test_no_page_serializer_or_task_asks_the_orm_itself() -> None:
    found = []
    for path in OURS:
        if not any(part.removesuffix(".py") in NO_ORM for part in path.relative_to(ROOT).parts):
            continue
        nodes = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Attribute) and node.attr == "objects"]
        found += [f"{path.relative_to(ROOT)}:{node.lineno}" for node in nodes]
    assert found == []


def test_nothing_is_decided_in_a_signal() -> None:
    pattern = re.compile(r"@receiver|\.connect\(.*sender|post_save|(?<!\.)pre_save|post_delete")
    assert [str(path) for path in OURS if pattern.search(path.read_text(encoding="utf-8"))] == []


def lengths() -> dict[str, int]:
    found = {}
    for path in OURS:
        for node in ast.walk(parsed(path)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found[f"{path.relative_to(ROOT)}:{node.name}"] = (node.end_lineno or 0) - node.lineno + 1
    return found


def test_no_function_is_longer_than_forty_lines_and_most_are_short() -> None:
    found = lengths()
    assert {name: length for name, length in found.items() if length > LONGEST} == {}
    assert statistics.median(found.values()) <= 10


def test_modules_that_grow_become_packages() -> None:
    assert [str(p) for p in OURS if len(p.read_text(encoding="utf-8").splitlines()) > 320] == []


def test_every_module_says_what_it_is_for() -> None:
    bare = [str(p.relative_to(ROOT)) for p in OURS if p.read_text().strip() and not ast.get_docstring(parsed(p))]
    assert [name for name in bare if "management/commands" not in name] == []
