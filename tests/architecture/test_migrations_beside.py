"""Every migration since the release before is safe beside that release's program, by django-migration-linter.

`deploy/release-before` names the commit of that release; what it knew is on the books already.
"""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import migrations, models
from django_migration_linter import MigrationLinter

ROOT = Path(settings.BASE_DIR)
OURS = re.compile(r"^(?:zhongzhi/)?(?P<app>\w+)/migrations/(?P<name>\d{4}_\w+)\.py$")
CHANGES = re.compile(r'^(ALTER TABLE|CREATE (UNIQUE )?INDEX "\w+" ON) "(?P<table>\w+)"')
TAKEN: frozenset[tuple[str, str]] = frozenset(
    {
        # the log of webhooks is swept and stays small: its index is there in a moment
        ("workbench.0009_exchange", "CREATE_INDEX"),
        ("workbench.0009_exchange", "CREATE_INDEX_EXCLUSIVE"),
        # so are standard texts: some hundreds of rows
        ("workbench.0010_macros", "CREATE_INDEX"),
        ("workbench.0010_macros", "CREATE_INDEX_EXCLUSIVE"),
        # the new column is empty in every row: its index is one reading of the table
        ("intake.0040_suggested_organisation", "CREATE_INDEX"),
        ("intake.0040_suggested_organisation", "CREATE_INDEX_EXCLUSIVE"),
    }
)
"""(migration, code of the linter) pairs that are safe all the same; each with its reason beside it."""


def release_before() -> str:
    """The commit of the release before. Skips where a clone was made without its history."""
    commit = (ROOT / "deploy" / "release-before").read_text().strip()
    there = subprocess.run(
        ["git", "cat-file", "-e", f"{commit}^{{commit}}"], cwd=ROOT, check=False, capture_output=True
    )
    if there.returncode:
        pytest.skip(f"{commit} is not in this clone: fetch the whole history")
    return commit


def migrations_since(commit: str) -> set[tuple[str, str]]:
    listed = subprocess.run(
        ["git", "ls-tree", "-r", "--name-only", commit], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    old = {(found["app"], found["name"]) for line in listed.splitlines() if (found := OURS.match(line))}
    assert old, "the release before had migrations"
    here = (path.relative_to(ROOT).as_posix() for path in ROOT.glob("**/migrations/0*.py") if ".venv" not in path.parts)
    return {(found["app"], found["name"]) for line in here if (found := OURS.match(line))} - old


class Told(MigrationLinter):
    """Keeps what is found instead of printing it."""

    def __init__(self) -> None:
        super().__init__(no_cache=True, no_output=True)
        self.found: list[tuple[str, str]] = []
        self.now = ""

    def lint(self, migration: Any) -> list[tuple[str, str]]:
        self.found, self.now = [], f"{migration.app_label}.{migration.name}"
        self.lint_migration(migration)
        return self.found

    def get_sql(self, app_label: str, migration_name: str) -> list[str]:
        """Without what is done to tables that the migration itself makes: nobody uses them yet."""
        lines = super().get_sql(app_label, migration_name)
        made = set(re.findall(r'^CREATE TABLE "(\w+)"', "\n".join(lines), re.M))
        return [line for line in lines if not ((found := CHANGES.match(line)) and found["table"] in made)]

    def print_errors(self, errors: Any) -> None:
        self.found += [(self.now, error.code) for error in errors]

    def print_warnings(self, warnings: Any) -> None:
        self.print_errors(warnings)


@pytest.mark.django_db(transaction=True)  # an index that is built beside the work is not built within a transaction
def test_what_is_new_is_safe_beside_the_program_before() -> None:
    linter = Told()
    new = migrations_since(release_before())
    found = [
        line
        for key, migration in sorted(linter.migration_loader.disk_migrations.items())
        if key in new
        for line in linter.lint(migration)
    ]
    assert set(found) - TAKEN == set(), "expand first, backfill in batches, contract a release later: CONTRIBUTING.md"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (migrations.AddField("counter", "note", models.CharField(max_length=9, default="")), "NOT_NULL"),
        (migrations.RemoveField("counter", "last"), "DROP_COLUMN"),
        (migrations.RenameField("counter", "last", "newest"), "RENAME_COLUMN"),
        (migrations.AlterField("counter", "last", models.CharField(max_length=9)), "ALTER_COLUMN"),
        (migrations.DeleteModel("counter"), "DROP_TABLE"),
        (migrations.AddIndex("case", models.Index(fields=["code"], name="beside")), "CREATE_INDEX"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_breaks_the_program_before_is_found(operation: Any, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    linter = Told()
    last = next(key for key in linter.migration_loader.graph.leaf_nodes("intake"))
    migration = type("Migration", (migrations.Migration,), {"dependencies": [last], "operations": [operation]})(
        "9999_breaks", "intake"
    )
    monkeypatch.setattr(linter, "get_sql", lambda app, name: _sql_of(linter, last, migration))
    monkeypatch.setattr(linter, "get_migration_hash", lambda app, name: "")
    assert code in {found for _, found in linter.lint(migration)}


def _sql_of(linter: Told, last: tuple[str, str], migration: Any) -> list[str]:
    from django.db import connection

    state = linter.migration_loader.project_state([last])
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        migration.apply(state, editor, collect_sql=True)
    return [str(line) for line in editor.collected_sql]
