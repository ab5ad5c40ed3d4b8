"""What a role may do is decided in one table, and its page in the documentation says the same."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from grids.models import Role
from grids.roles import AREAS, CAPABILITIES, Capability, roles_with
from tests.architecture.test_hill import OURS, ROOT, parsed

HOME = {"grids/roles.py", "grids/models/posting.py"}
"""The table; and the rows, where the database keeps the three administrators apart."""
TOLD = {"devkit", "first_start.py", "set_up.py"}
"""Where roles are given, not asked for: the demo, and the first start of an installation."""
ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)


def product() -> Iterator[tuple[str, ast.Module]]:
    for path in OURS:
        name = path.relative_to(ROOT)
        if str(name) not in HOME and not TOLD & set(name.parts):
            yield str(name), parsed(path)


def names_of_role(tree: ast.Module) -> set[str]:
    """What the enum is called in a module: `Role`, or whatever it was imported as."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {"Role"} | {alias.asname or alias.name for node in nodes for alias in node.names if alias.name == "Role"}


def roles_named(tree: ast.Module) -> list[int]:
    """Lines that name a role, by its member or by its stored word."""
    names = names_of_role(tree)
    return [node.lineno for node in ast.walk(tree) if names_member(node, names) or names_word(node, names)]


def names_member(node: ast.AST, names: set[str]) -> bool:
    """`Role.MANAGER`, `Role["MANAGER"]`."""
    if isinstance(node, ast.Attribute):
        return node.attr in Role.__members__ and called(node.value) in names
    return isinstance(node, ast.Subscript) and called(node.value) in names


def names_word(node: ast.AST, names: set[str]) -> bool:
    """`Role("manager")`, `p.role == "manager"`, `filter(role__in=["manager"])`, `("clerk", "manager")`."""
    if isinstance(node, ast.Call):
        return called(node.func) in names and has_word(node.args)
    if isinstance(node, ast.Compare):
        return called(node.left) == "role" and has_word(node.comparators)
    if isinstance(node, ast.keyword):
        return node.arg in ("role", "role__in") and has_word([node.value])
    return isinstance(node, ast.Tuple | ast.List | ast.Set) and bool(node.elts) and all(map(is_word, node.elts))


def called(node: ast.expr) -> str:
    """The last name of an expression: `Role` of `models.Role`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def is_word(node: ast.AST) -> bool:
    """The stored word of a role."""
    return isinstance(node, ast.Constant) and node.value in Role.values


def has_word(values: list[ast.expr]) -> bool:
    return any(is_word(part) for value in values for part in ast.walk(value))


def test_no_role_is_named_outside_the_table() -> None:
    assert [f"{name}:{line}" for name, tree in product() for line in roles_named(tree)] == []


def test_every_way_to_name_a_role_is_found() -> None:
    ways = (
        "Role.MANAGER", "models.Role.MANAGER", "Role['MANAGER']", "Role('manager')", "p.role == 'manager'",
        "p.role in ('clerk', 'manager')", "rows.filter(role='leader')", "rows.filter(role__in=['leader', 'clerk'])",
        "SORTERS = ('dispatcher', 'manager')",
        "from grids.models import Role as Post\nPost.MANAGER",
    )  # fmt: skip
    assert [way for way in ways if not roles_named(ast.parse(way))] == []
    others = ("PartyRole.AGENT", "Role.labels", "Role(value)", "party.role == 'principal'", "rows.filter(role='agent')")
    assert [way for way in others if roles_named(ast.parse(way))] == []


def test_every_role_stands_in_the_table_and_every_capability_belongs_to_somebody_and_an_area() -> None:
    assert list(CAPABILITIES) == list(Role)
    assert [capability for capability in Capability if not roles_with(capability)] == []
    assert {capability.area for capability in Capability} == set(AREAS)


def test_every_capability_is_asked_for() -> None:
    nodes = [node for _, tree in product() for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    asked = {node.attr for node in nodes if called(node.value) == "Capability"}
    assert set(Capability.__members__) - asked == set()


def test_the_three_administrators_read_no_case_no_document_and_no_roster() -> None:
    business = {c for c in Capability if c.area in ("sight", "cases", "figures")} | {
        Capability.SEE_MEDIATION,
        Capability.MEDIATE,
        Capability.READ_DOCUMENTS,
        Capability.KEEP_ROSTERS,
        Capability.EXPORT_IN_CLEAR,
    }
    assert {role for role in ADMINISTRATORS if CAPABILITIES[role] & business} == set()


def test_what_is_asked_for_together_is_held_by_who_has_either() -> None:
    either = roles_with(Capability.TAKE_CHARGE, Capability.HANG_UP)
    assert either == (Role.MANAGER, Role.LEADER)
    assert roles_with(Capability.REGISTER_BY_PLACE) == (Role.API_CLIENT,)


def test_the_page_of_roles_has_not_drifted(tmp_path: Path) -> None:
    fresh = tmp_path / "roles.md"
    call_command("document_roles", file=fresh, verbosity=0)
    stored = Path(settings.BASE_DIR) / "docs" / "roles.md"
    assert stored.read_text(encoding="utf-8") == fresh.read_text(encoding="utf-8"), "run: manage.py document_roles"
