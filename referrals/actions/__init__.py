"""What people do with documents, joint handling and special care; each public function is one act, one transaction."""

from intake.coordination.actions import CoHandler
from referrals.actions.answering import (
    answer_document,
    ask_document_extension,
    decide_answer,
    decide_document_extension,
    note_service,
    receive_document,
    return_document,
)
from referrals.actions.care import (
    OpenedCare,
    change_care,
    end_care,
    give_consent,
    mark_care,
    notify_due_visits,
    open_care,
    record_visit,
    withdraw_consent,
)
from referrals.actions.case_letters import draft_letter
from referrals.actions.dispatch import (
    add_co_handlers_with_slips,
    dispatch_with_slip,
    hand_down_with_slip,
    issue_missing_slips,
)
from referrals.actions.downloads import note_download, note_envelope, note_print, take_signed_paper
from referrals.actions.drafts import (
    discard_draft,
    draft_document,
    edit_draft,
    review_document,
    send_back_draft,
    submit_document,
)
from referrals.actions.extension_notices import decide_extension_with_notice
from referrals.actions.guidance import guide_with_papers
from referrals.actions.kinds import change_kind
from referrals.actions.meetings import Resolved, give_task, record_meeting
from referrals.actions.reissuing import reissue_slip
from referrals.actions.signing import (
    SigningResult,
    issue_document,
    issue_due_letters,
    sign_document,
    sign_several,
    void_document,
)
from referrals.actions.supervising import supervise_from_above
from referrals.drafting import Draft
from referrals.verbs import Verb

__all__ = [
    "CoHandler",
    "Draft",
    "OpenedCare",
    "Resolved",
    "SigningResult",
    "Verb",
    "add_co_handlers_with_slips",
    "answer_document",
    "ask_document_extension",
    "change_care",
    "change_kind",
    "decide_answer",
    "decide_document_extension",
    "decide_extension_with_notice",
    "discard_draft",
    "dispatch_with_slip",
    "draft_document",
    "draft_letter",
    "edit_draft",
    "end_care",
    "give_consent",
    "give_task",
    "guide_with_papers",
    "hand_down_with_slip",
    "issue_document",
    "issue_due_letters",
    "issue_missing_slips",
    "mark_care",
    "note_download",
    "note_envelope",
    "note_print",
    "note_service",
    "notify_due_visits",
    "open_care",
    "receive_document",
    "record_meeting",
    "record_visit",
    "reissue_slip",
    "return_document",
    "review_document",
    "send_back_draft",
    "sign_document",
    "sign_several",
    "submit_document",
    "supervise_from_above",
    "take_signed_paper",
    "void_document",
    "withdraw_consent",
]
