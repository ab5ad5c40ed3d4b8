"""The end of a file's time of keeping: nobody is named in it any more; what was done, when and by whom stays."""

from collections.abc import Sequence

from intake.actions.anonymising import anonymise_parties
from intake.actions.register import discard_old_draft
from intake.models import Case, Party
from intake.transitions import locked

CLEARED = "（保存期限已满，内容已清除）"
WORDS = ("title", "narrative", "request", "place_detail", "outcome_note", "internal_number")
WHY = "retention"


def anonymise_files(keys: Sequence[int]) -> None:
    """Take persons and words out of these files."""
    for key in keys:
        case = locked(Case(pk=key))
        for name in WORDS:
            if getattr(case, name):
                setattr(case, name, CLEARED)
        case.save(update_fields=WORDS)
        anonymise_parties(case, Party.everyone.filter(case=case), actor=None, why=WHY)


def discard_old_drafts(keys: Sequence[int]) -> None:
    """Throw away drafts that nobody went on with."""
    for key in keys:
        discard_old_draft(locked(Case(pk=key)))
