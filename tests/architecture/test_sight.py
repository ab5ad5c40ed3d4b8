"""Whoever shows what parties, narratives, attachments and records hold asks the one function of sight, or says why not.

Templates show what a view gives them; so modules that read, and templates that print, are both looked at.
"""

import ast
import re
from pathlib import Path

from tests.architecture.test_hill import ROOT, parsed

GUARDED = {
    *("parties", "principals", "attachments", "narrative", "record", "shown_name", "paper_number", "phone"),
    *("signings", "attendees", "outcome_note", "proofs", "represented_by", "Party", "Attachment"),
}
"""Names by which the data of a case are reached."""
ASKING = {
    *(
        "cases_in_words",
        "keys_in_words",
        "sight_of",
        "sight_within",
        "veiled",
        "cases_in_sight",
        "in_sight",
        "led_in_sight",
        "handled_in_sight",
        "in_full",
        "not_closed_to",
        "readers_among",
    ),
    *(
        "with_level",
        "whole_case_visible_to",
        "guarded_among",
        "hidden_from",
        "hide",
        "veil_all",
        "may_see_personal",
        "may_reveal",
        "may_read_file",
    ),
    *("may_read_whole", "case_visible_to", "cases_visible_to", "cases_for_list", "earlier_cases", "listed"),
    *("applicant_names", "party_views", "story_for", "attachments_for", "attachment_visible_to"),
    *("mediation_visible_to", "session_visible_to", "agreement_visible_to", "document_visible_to"),
    *("documents_as_seen", "as_seen_by"),
}
"""The function of sight, and the queries and permissions that ask it."""
LOOKED_AT = ("intake", "mediation", "referrals", "early_warning", "workbench")
WRITING = frozenset(["actions", "migrations", "models", "management", "escalation"])
"""Layers that change what is there: who may is asked by the permission of each act."""
EXCEPTIONS = {
    "intake/entries.py": "declares what is typed; reads no row",
    "intake/api/files.py": "files by `attachments_for` and `attachment_visible_to`, which ask",
    "intake/queries/archive.py": "says what a file lacks, by kind of party and paper, without a name",
    "intake/queries/guardians.py": "who acts for whom, for acts and papers whose own permission is asked first",
    "intake/queries/violence.py": "what acts and papers of a case may not do; their own permission is asked first",
    "intake/queries/parties.py": "the function that masks; whether in the clear is its caller's argument, from sight",
    "intake/queries/personal_data.py": "what a person asks about themselves: the request's own permission (personal/)",
    "intake/queries/retention.py": "what is past its time of keeping, by age; shown to nobody",
    "intake/queries/whole_case.py": "reads the parties of a case that `cases_in_sight` found, for those that mask",
    "intake/queries/suggestions.py": "counts what stands in the form of whoever types it",
    "intake/public/queries/": "answers citizens by their query code: state and centre, no party",
    "intake/queries/complaints.py": "the works of whom a case complains of, for who may answer it; shown to nobody",
    "intake/permissions/standing_back.py": "the cases that one's own name and phone stand in; answers yes or no",
    "mediation/documents/": "papers of a mediation; `may_read_file` is asked where they are made (views/documents.py)",
    "mediation/fields.py": "dialogs of mediation, which open after `may_read_file` (views/act_dialogs.py)",
    "mediation/forms/": "forms of the same pages and dialogs",
    "mediation/available_actions/": "acts and their dialogs, which open after `may_read_file` (views/act_dialogs.py)",
    "mediation/queries/": "of one mediation that `mediation_visible_to` found; its page shows it",
    "early_warning/forms.py": "offers the hazards of `hazards_behind`, which go by territory; cases by their numbers",
    "early_warning/detection/": "links matters by their parties and words; shown to nobody, evidence goes by sight",
    "referrals/documents/docx.py": "the signed paper, taken out after `may_read_whole` (actions/downloads.py)",
    "referrals/documents/sheet.py": "parties masked unless `in_clear`, texts as `as_seen` left them",
    "referrals/documents/posting.py": "the envelope of a signed paper, after `may_read_whole` (actions/downloads.py)",
    "referrals/drafting/": "texts that are drafted for the side that issues them",
    "workbench/administration/": "phones of accounts and of text messages; no case",
    "workbench/auditing/masking.py": "what the auditor reads of the trail, masked by itself",
}
"""Module or folder, and why it need not ask."""
SHOWN = re.compile(r"\.(narrative|shown_name|paper_number|record|facts_text|party_name)\b|party\.name|parties\b")
TEMPLATES = {
    "administration/": "accounts",
    "auditing/": "masked by the auditor's own view",
    "citizen/": "what a citizen typed or what their code opens",
    "public/": "what a citizen typed or what their code opens",
    "field/": "hazards and rosters of one's own grid",
    "grids/": "rosters and hazards, by territory",
    "intake/entry.html": "the form of who registers or amends",
    "intake/members.html": "lines of `member_views`, masked by sight",
    "intake/parts/_party.html": "the form of who registers or amends",
    "intake/parts/_reveal.html": "the answer to a look",
    "intake/parts/_receipt.html": "the paper for the applicant, by `may_issue_receipt`",
    "intake/receipt.html": "the paper for the applicant, by `may_issue_receipt`",
    "mediation/": "after `names_in_clear` or `may_read_file`, both of sight",
    "personal/": "what a person asks about themselves",
    "referrals/": "documents by `as_seen`, care by its own permission",
    "workbench/dossier.html": "a `Dossier`, made of `party_views` and `veiled`",
    "workbench/": "parts given `party_views` or rows of `veil_all`",
}
"""Templates that print such data, and from where they have them."""


def test_whoever_reads_the_data_of_a_case_asks_for_sight() -> None:
    silent = [path for path in _modules() if _reads(path) and not _names(path) & ASKING and not _excepted(path)]
    assert silent == [], "ask intake/sight.py, or say in EXCEPTIONS why not"


def test_every_exception_is_needed() -> None:
    reading = [path for path in _modules() if _reads(path) and not _names(path) & ASKING]
    unneeded = [name for name in EXCEPTIONS if not any(path.startswith(name) for path in reading)]
    assert unneeded == []


def test_every_template_that_prints_such_data_has_them_from_somewhere_known() -> None:
    folder = ROOT / "templates"
    printing = [
        str(path.relative_to(folder))
        for path in folder.rglob("*.html")
        if any(SHOWN.search(tag) for tag in re.findall(r"{[{%].*?[%}]}", path.read_text(encoding="utf-8")))
    ]
    assert [name for name in sorted(printing) if not name.startswith(tuple(TEMPLATES))] == []


def test_the_orm_of_sealed_rows_is_reached_from_queries_and_actions_only() -> None:
    """Nobody beside them imports the tables of parties and attachments to read rows."""
    wrong = []
    for path in _modules():
        parts = set(Path(path).with_suffix("").parts)
        if parts & {"views", "api", "tasks", "forms"} and re.search(
            r"\b(Party|Attachment|CareRecord)\.objects", (ROOT / path).read_text(encoding="utf-8")
        ):
            wrong.append(path)
    assert wrong == []


def _modules() -> list[str]:
    found = [path.relative_to(ROOT) for app in LOOKED_AT for path in (ROOT / app).rglob("*.py")]
    return sorted(str(path) for path in found if not set(path.with_suffix("").parts) & WRITING)


def _reads(path: str) -> set[str]:
    """What a module reads of a case by attribute, or imports of its tables."""
    tree = parsed(ROOT / path)
    attributes = {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }
    return (attributes | _names(path)) & GUARDED & (attributes | {"Party", "Attachment"})


def _names(path: str) -> set[str]:
    tree = parsed(ROOT / path)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def _excepted(path: str) -> bool:
    return path.startswith(tuple(EXCEPTIONS))
