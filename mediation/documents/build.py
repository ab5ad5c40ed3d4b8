"""Which papers a mediation's file is made of now, in the order of the rule table."""

from collections.abc import Callable

from mediation.documents import agreed, court, opening, outside, talks
from mediation.documents.facts import Facts
from mediation.documents.form import Contents, Paper
from mediation.models import Mediation
from mediation.queries.file import file_lines

BUILDERS: dict[str, Callable[[Facts], list[Paper]]] = {
    "cover": outside.cover,
    "application": opening.application,
    "register": opening.register,
    "rights": opening.rights,
    "identity": opening.identity,
    "authorisation": opening.authorisation,
    "investigation": talks.investigation,
    "evidence": talks.evidence,
    "record": talks.record,
    "agreement": agreed.agreement,
    "oral": agreed.oral,
    "termination": talks.termination,
    "undisputed": court.undisputed,
    "performance": agreed.performance,
    "follow_up": agreed.follow_up,
    "confirmation": court.confirmation,
    "court_return": court.court_return,
    "statement": outside.statement,
    "back": outside.back,
}

AFTER_AGREEMENT = ("statement", "back")


def papers_of(mediation: Mediation) -> list[Paper]:
    """The papers that apply, in the order of the file; the contents stand behind the cover."""
    facts = Facts(mediation)
    built: list[Paper] = []
    for line in file_lines(mediation):
        if line.applies and line.rule.form in BUILDERS:
            built += BUILDERS[line.rule.form](facts)
    built = _with_draft(built, agreed.draft(facts))
    entries = [(paper.key, paper.title) for paper in built if not paper.is_cover]
    contents = Paper("contents", "卷内目录", blocks=(Contents(entries),), is_cover=True)
    front = [paper for paper in built if paper.key == "cover"]
    return [*front, contents, *(paper for paper in built if paper.key != "cover")]


def _with_draft(built: list[Paper], drafts: list[Paper]) -> list[Paper]:
    """A draft stands where the agreement will be: before what follows it, at the end of what there is."""
    last = [paper for paper in built if paper.key in AFTER_AGREEMENT]
    return [*(paper for paper in built if paper not in last), *drafts, *last]


def signed_agreement(mediation: Mediation) -> Paper:
    """The paper of the agreement that has just come into force, written or oral."""
    facts = Facts(mediation)
    return (agreed.agreement(facts) or agreed.oral(facts))[0]
