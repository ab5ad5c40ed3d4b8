"""The acts of the trail are closed lists, one per app; their words stay as they were written."""

import ast
import re
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import get_type_hints

from tests.architecture.test_hill import OURS, ROOT, parsed
from zhongzhi.audit.actions import AuditEvent, record
from zhongzhi.audit.models import VERB_LENGTH
from zhongzhi.audit.verbs import AuditVerb

WORDS = Path(__file__).with_name("words.txt")
"""Every word that a version of the program wrote into the trail."""
CHINESE = re.compile(r"[一-鿿]")


def lists() -> list[type[AuditVerb]]:
    """The lists of all apps."""
    paths = [path.relative_to(ROOT) for path in OURS if path.name == "verbs.py"]
    modules = [import_module(".".join(path.with_suffix("").parts)) for path in paths]
    return [module.Verb for module in modules]


def verbs() -> list[AuditVerb]:
    return [verb for each in lists() for verb in each]


def test_the_trail_takes_verbs_of_a_list_only() -> None:
    assert get_type_hints(record)["verb"] is AuditVerb
    assert get_type_hints(AuditEvent)["verb"] is AuditVerb


def test_every_list_stands_in_a_module_of_that_name() -> None:
    classes = [(path, node) for path in OURS for node in ast.walk(parsed(path)) if isinstance(node, ast.ClassDef)]
    lists_found = [path for path, node in classes if "AuditVerb" in map(ast.unparse, node.bases)]
    assert {path.name for path in lists_found} == {"verbs.py"}
    assert len(lists_found) == len(lists())


def test_no_word_is_used_by_two_apps() -> None:
    assert [word for word, times in Counter(verb.value for verb in verbs()).items() if times > 1] == []


def test_every_verb_reads_in_chinese_and_fits_its_column() -> None:
    assert [verb for verb in verbs() if not CHINESE.search(verb.label)] == []
    assert max(len(verb.value) for verb in verbs()) <= VERB_LENGTH


def test_a_word_that_was_ever_written_stays_and_a_new_one_is_noted() -> None:
    assert sorted(verb.value for verb in verbs()) == WORDS.read_text(encoding="utf-8").split()


def written(tree: ast.Module) -> set[tuple[str, str]]:
    """The verbs that a module names, each as its module and its member."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    known = {a.asname or a.name: node.module or "" for node in imports for a in node.names if a.name == "Verb"}
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
    return {(known[n.value.id], n.attr) for n in named if isinstance(n.value, ast.Name) and n.value.id in known}


def test_every_verb_is_written_by_some_act() -> None:
    found = {verb for path in OURS if path.name != "verbs.py" for verb in written(parsed(path))}
    listed = {(each.__module__, verb.name) for each in lists() for verb in each}
    assert listed - found == set()
