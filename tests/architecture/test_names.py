"""Words that were given up for standard terms stay away, and a name of a module says what it is about.

Names only: of files, modules, classes, functions and fields. What a user reads, the words of the API and of tables, and
prose are free.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.test_hill import OURS, ROOT

OLD_MODULES = {
    "acts": "available_actions",
    "answers": "error_responses",
    "climbing": "the package referrals.escalation",
    "clear": "unmasking",
    "counted": "tasks_base",
    "desk": "workspace",
    "embedded": "devkit.servers",
    "figures": "statistics",
    "given": "inputs",
    "ladder": "the package referrals.escalation",
    "offers": "menus",
    "own": "saved_views",
    "pace": "intervals",
    "papers": "documents",
    "resting": "suspension",
    "reveal": "unmasking",
    "roster_world": "roster_snapshot",
    "rungs": "the package referrals.escalation",
    "seen": "visibility",
    "shown": "serializers",
    "sideways": "extensions, withdrawals",
    "strict": "parameters",
    "tell": "notifications",
    "together": "related_cases",
    "told": "error_responses",
    "typed": "autosave",
    "_common": "_locking",
    "_moves": "_transitions",
    "_rows": "_bulk",
    **dict.fromkeys(("utils", "util", "helpers", "services", "common", "misc", "base_utils"), "what it is about"),
}
OLD_NAMES = {
    "Claims": "Reservations",
    "Desk": "BatchContext, Workspace",
    "Happening": "AuditEvent",
    "Offer": "MenuItem",
    "OutOfSight": "NotFound",
    "Refused": "PermissionDenied",
    "Rest": "Suspension",
    "RuleBroken": "RuleViolation",
    "ShownParty": "PartyView",
    "Together": "RelatedCases",
    "TooOften": "RateLimited",
    "TypedEntry": "EntryAutosave",
    "World": "Snapshot",
    "WrongState": "InvalidTransition",
    "is_moot": "is_obsolete",
    "lay_before": "notify_…",
    "parted": "a verb in the field's terms",
    "rises": "escalates",
    "stands_still": "is_suspended",
    "tell": "notify",
    "told": "error_response",
    "proved_by": "related_cases_of",
    "wrote": "a verb in the field's terms",
}
API_NAMES = {("intake/public/api.py", "Desk")}
"""Names of shapes in the API's document, which stay."""
ENDINGS = ("Claims", "World", "Rungs", "Ladder")
"""No class ends like this either."""

GENERIC = {
    "actions", "api", "apps", "available_actions", "commands", "fields", "filters", "forms", "lifecycle", "management",
    "models", "permissions", "queries", "tasks", "urls", "urls_api", "verbs", "views",
}  # fmt: skip
"""The floors of an app, called the same everywhere."""
SHARED = {
    "cases": "cases stand on every floor: their demo, the case itself, what referrals do to one",
    "contents": "what a file, a paper and a row of a table hold",
    "document": "a letter, a report and what sets both in type",
    "documents": "the documents of mediation and of referrals, and those of the demo",
    "hangings": "what of the app hangs on a case",
    "direct_notices": "what the app tells to those alone who are asked or answered",
    "extension_points": "what the apps above hang onto an app below",
    "held_work": "what of each app hangs on a person, and giving it to the next",
    "imports": "forms, the part of intake and a benchmark, of what is imported",
    "kinds": "kinds of documents, of stored files, of values in a shape",
    "lists": "lists of pages, of mediation and of figures",
    "measures": "what each app has counted, and what a benchmark measures",
    "mediations": "acts on a mediation, of intake and of mediation, and those of the demo",
    "meetings": "coordination meetings, joint meetings and the pages of both",
    "middleware": "what stands around every request",
    "notifications": "whom each app tells of what happens to its own",
    "organisations": "the same organisations: rows, choices, demo",
    "people": "accounts, the posts they hold, and those of the demo",
    "rows": "what rows of tables stand on; rows made for the demo; rows of a shape",
    "statistics": "what is made of the counts: by mediation, by the board, and how fast",
    "triggers": "triggers of tables, declared beside each app's models",
    "vacancies": "what of each app waits for somebody since a person has left",
}
"""Other names that stand in more than two apps, with what they have in common."""


def names_of(path: Path) -> tuple[str, ...]:
    """The packages of a module and its own name, without the folder of the app."""
    inner = path.relative_to(ROOT).with_suffix("").parts[1:]
    return tuple(name for name in inner if name != "__init__" and name != "__main__")


def app_of(path: Path) -> str:
    """The app a module belongs to; each part of `zhongzhi` is one."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:2]) if parts[0] == "zhongzhi" and len(parts) > 2 else parts[0]


FIELDS = {"told"}
"""Also an entry of the API (rights were told), where it stays; no function is called so."""


def defined(path: Path) -> Iterator[tuple[str, int]]:
    """Names that a module gives: to classes, functions, their fields and what stands at its top."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno
        if isinstance(node, (ast.ClassDef, ast.Module)):
            for inner in node.body:
                targets = inner.targets if isinstance(inner, ast.Assign) else [getattr(inner, "target", None)]
                named = [target.id for target in targets if isinstance(target, ast.Name)]
                yield from ((name, inner.lineno) for name in named if name not in FIELDS)


def is_old(name: str) -> bool:
    return name.lstrip("_") in OLD_NAMES or (name[0].isupper() and name.endswith(ENDINGS))


def old_names(path: Path) -> list[str]:
    where = path.relative_to(ROOT).as_posix()
    return [f"{where}:{line} {name}" for name, line in defined(path) if is_old(name) and (where, name) not in API_NAMES]


def test_no_module_has_a_name_that_was_given_up() -> None:
    found = {str(path.relative_to(ROOT)): name for path in OURS for name in names_of(path) if name in OLD_MODULES}
    assert {path: f"{name}: {OLD_MODULES[name]}" for path, name in found.items()} == {}


def test_no_template_has_a_name_that_was_given_up() -> None:
    templates = (ROOT / "templates").rglob("*.html")
    assert [str(path) for path in templates if path.stem.lstrip("_") in {"desk", "typed", "offers", "ladder"}] == []


def test_no_class_function_or_field_has_a_name_that_was_given_up() -> None:
    assert [line for path in OURS for line in old_names(path)] == []


def test_no_text_names_a_package_that_is_gone() -> None:
    gone = re.compile(r"zhongzhi\.(?:embedded|workbench)\b")
    files = [
        p for folder in ("docs", "tests", ".ci") for p in (ROOT / folder).rglob("*") if p.suffix in {".py", ".md", ""}
    ]
    files += [*OURS, *ROOT.glob("*.md"), *ROOT.glob("*.toml"), ROOT / "Makefile", ROOT / "Dockerfile"]
    read = [p for p in files if p.is_file() and p != Path(__file__).resolve()]
    assert len(read) > 700
    assert [str(p.relative_to(ROOT)) for p in read if gone.search(p.read_text(encoding="utf-8"))] == []


def test_a_name_in_more_than_two_apps_is_a_floor_or_says_the_same_thing_in_each() -> None:
    apps = defaultdict(set)
    for path in OURS:
        for name in names_of(path):
            apps[name].add(app_of(path))
    many = {name: sorted(places) for name, places in apps.items() if len(places) > 2}
    assert {name: places for name, places in many.items() if name not in GENERIC | set(SHARED)} == {}
    assert [name for name in SHARED if name not in many] == [], "no longer in more than two apps: off the list"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("class Desk: ...", True),
        ("class BeatWorld: ...", True),
        ("def is_moot(): ...", True),
        ("class Step:\n    wrote: bool = False", True),
        ("class Workspace: ...", False),
        ('"""A desk that rises is told together."""\ndef f(told): return told', False),
    ],
)
def test_names_are_looked_at_and_prose_is_not(source: str, found: bool, tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(source)
    assert any(is_old(name) for name, _ in defined(module)) is found
