"""What can be done with a case; each public function is one act in one transaction."""

from intake.actions.attach import attach_file, attach_prepared, note_download, remove_attachment
from intake.actions.attention import name_leader_in_charge
from intake.actions.autosave import discard_autosave, save_autosave
from intake.actions.by_number import Sent, put_case
from intake.actions.complaints import OPEN_FOR_DECISION, decide_responder, is_complaint
from intake.actions.corrections import OpenedValue, reveal_correction
from intake.actions.dispatch import (
    decide_return,
    dispatch_case,
    recall_case,
    return_case,
    sign_for_case,
    take_up_case,
)
from intake.actions.extensions import ask_extension, decide_extension
from intake.actions.feed import restart_feed
from intake.actions.follow_up import Heard, record_follow_up
from intake.actions.groups import (
    Listed,
    list_members,
    name_representatives,
    note_members_consent,
    remove_members,
    tell_group,
)
from intake.actions.guidance import (
    guide_case,
    note_overdue_guidance,
    record_guidance_receipt,
    refuse_guidance,
    sign_guidance,
    take_over_guidance,
)
from intake.actions.hazards import register_from_hazard
from intake.actions.joining import join_by_entry, join_group
from intake.actions.member_table import COLUMNS as MEMBER_COLUMNS
from intake.actions.member_table import MOST_MEMBERS, MemberRow, checked_rows, rows_of_table, rows_of_text
from intake.actions.merging import link_repeat, merge_case, register_beside, split_case, unlink_repeat
from intake.actions.outcome import (
    Report,
    archive_case,
    close_case,
    reopen_case,
    report_outcome,
    send_back,
    settle_at_window,
)
from intake.actions.personal_data import (
    Erased,
    erase_data,
    lift_restriction,
    note_corrected,
    note_data_sheet,
    receive_data_request,
    refuse_data_request,
    restrict_data,
)
from intake.actions.register import AlreadyRegistered, amend_case, discard_draft, register_case, save_draft
from intake.actions.restoring import restore_case
from intake.actions.restricting import restrict_case
from intake.actions.roads import correct_road_result, record_road_result
from intake.actions.saved_views import discard_view, note_export, save_view
from intake.actions.standing_back import declare_recusal
from intake.actions.supplementing import supplement_case
from intake.actions.suspension import put_on_open_list, resume_case, suspend_case
from intake.actions.tiers import escalate_by_clock, escalate_case, hand_down_case, pull_up_case
from intake.actions.triage import accept_case, regrade_case
from intake.actions.unmasking import Revealed, RevealPurpose, ask_for_file, reveal_party, reveals_in_bulk
from intake.actions.uploads import begin_upload, cancel_upload, finish_upload, take_part
from intake.actions.violence import mark_violence, people_hurt
from intake.actions.withdrawals import withdraw_case
from intake.actions.work_notes import (
    answer_direction,
    give_direction,
    read_direction,
    read_mentions,
    write_note,
)

__all__ = [
    "MEMBER_COLUMNS",
    "MOST_MEMBERS",
    "OPEN_FOR_DECISION",
    "AlreadyRegistered",
    "Erased",
    "Heard",
    "Listed",
    "MemberRow",
    "OpenedValue",
    "Report",
    "RevealPurpose",
    "Revealed",
    "Sent",
    "accept_case",
    "amend_case",
    "answer_direction",
    "archive_case",
    "ask_extension",
    "ask_for_file",
    "attach_file",
    "attach_prepared",
    "begin_upload",
    "cancel_upload",
    "checked_rows",
    "close_case",
    "correct_road_result",
    "decide_extension",
    "decide_responder",
    "decide_return",
    "declare_recusal",
    "discard_autosave",
    "discard_draft",
    "discard_view",
    "dispatch_case",
    "erase_data",
    "escalate_by_clock",
    "escalate_case",
    "finish_upload",
    "give_direction",
    "guide_case",
    "hand_down_case",
    "is_complaint",
    "join_by_entry",
    "join_group",
    "lift_restriction",
    "link_repeat",
    "list_members",
    "mark_violence",
    "merge_case",
    "name_leader_in_charge",
    "name_representatives",
    "note_corrected",
    "note_data_sheet",
    "note_download",
    "note_export",
    "note_members_consent",
    "note_overdue_guidance",
    "people_hurt",
    "pull_up_case",
    "put_case",
    "put_on_open_list",
    "read_direction",
    "read_mentions",
    "recall_case",
    "receive_data_request",
    "record_follow_up",
    "record_guidance_receipt",
    "record_road_result",
    "refuse_data_request",
    "refuse_guidance",
    "register_beside",
    "register_case",
    "register_from_hazard",
    "regrade_case",
    "remove_attachment",
    "remove_members",
    "reopen_case",
    "report_outcome",
    "restart_feed",
    "restore_case",
    "restrict_case",
    "restrict_data",
    "resume_case",
    "return_case",
    "reveal_correction",
    "reveal_party",
    "reveals_in_bulk",
    "rows_of_table",
    "rows_of_text",
    "save_autosave",
    "save_draft",
    "save_view",
    "send_back",
    "settle_at_window",
    "sign_for_case",
    "sign_guidance",
    "split_case",
    "supplement_case",
    "suspend_case",
    "take_over_guidance",
    "take_part",
    "take_up_case",
    "tell_group",
    "unlink_repeat",
    "withdraw_case",
    "write_note",
]
