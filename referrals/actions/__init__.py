"""What can be done with documents and on the ladder; each public function is one act in one transaction."""

from intake.actions import CoHandler
from referrals.actions.answering import (
    answer_document,
    ask_document_extension,
    decide_answer,
    decide_document_extension,
    note_service,
    receive_document,
    return_document,
)
from referrals.actions.dispatch import add_co_handlers_with_slips, dispatch_with_slip, hand_down_with_slip
from referrals.actions.drafting import (
    Draft,
    discard_draft,
    draft_document,
    edit_draft,
    review_document,
    send_back_draft,
    submit_document,
)
from referrals.actions.ladder import (
    issue_by_itself,
    supervise_watched,
    take_due_steps,
    take_due_steps_without_case,
    take_up_lapses,
)
from referrals.actions.patterns import look_for_patterns
from referrals.actions.signing import (
    Signed,
    issue_document,
    sign_document,
    sign_several,
    void_document,
)
from referrals.actions.verbs import Verb

__all__ = [
    "CoHandler",
    "Draft",
    "Signed",
    "Verb",
    "add_co_handlers_with_slips",
    "answer_document",
    "ask_document_extension",
    "decide_answer",
    "decide_document_extension",
    "discard_draft",
    "dispatch_with_slip",
    "draft_document",
    "edit_draft",
    "hand_down_with_slip",
    "issue_by_itself",
    "issue_document",
    "look_for_patterns",
    "note_service",
    "receive_document",
    "return_document",
    "review_document",
    "send_back_draft",
    "sign_document",
    "sign_several",
    "submit_document",
    "supervise_watched",
    "take_due_steps",
    "take_due_steps_without_case",
    "take_up_lapses",
    "void_document",
]
