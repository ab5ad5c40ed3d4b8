"""What can be done with a case; each public function is one act in one transaction."""

from intake.actions.attach import attach_file, note_download, remove_attachment
from intake.actions.attention import name_leader_in_charge
from intake.actions.breaches import take_breaches
from intake.actions.calendar import announced_year, reckoned_year, write_days
from intake.actions.citizen import (
    IssuedCode,
    PublicReport,
    Reported,
    issue_query_code,
    rate_case,
    report_publicly,
)
from intake.actions.clocks import mark_due_clocks, recompute_running_clocks
from intake.actions.dispatch import decide_return, dispatch_case, return_case, sign_for_case, take_up_case
from intake.actions.feed import restart_feed
from intake.actions.follow_up import Heard, record_follow_up
from intake.actions.hazards import register_from_hazard
from intake.actions.imports import (
    cancel_import,
    confirm_import,
    preview_of,
    register_items,
    resume_import,
    start_import,
    work_on_imports,
)
from intake.actions.joint import (
    CoHandler,
    add_co_handlers,
    release_part,
    report_part,
    return_part,
    sign_for_part,
)
from intake.actions.joint_tasks import add_task, complete_task, release_task
from intake.actions.meetings import (
    Decided,
    close_meeting,
    locked_item,
    note_decision,
    open_meeting,
    put_on_agenda,
)
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
from intake.actions.own import discard_view, note_export, save_view
from intake.actions.register import AlreadyRegistered, amend_case, discard_draft, register_case, save_draft
from intake.actions.resting import follow_rests, hang_up_case, resume_case, suspend_case
from intake.actions.reveal import Revealed, reveal_party
from intake.actions.roads import correct_road_result, record_road_result
from intake.actions.sideways import (
    ask_extension,
    decide_extension,
    withdraw_case,
)
from intake.actions.tallies import count_changes, differences, fold_tallies, rebuild_tallies
from intake.actions.task_reminders import tell_due_tasks
from intake.actions.tiers import escalate_by_clock, escalate_case, hand_down_case
from intake.actions.triage import accept_case, guide_case, regrade_case
from intake.actions.typed import forget_typed, keep_typed, sweep_typed
from intake.actions.verbs import Verb

__all__ = [
    "AlreadyRegistered",
    "CoHandler",
    "Decided",
    "Heard",
    "IssuedCode",
    "PublicReport",
    "Report",
    "Reported",
    "Revealed",
    "Verb",
    "accept_case",
    "add_co_handlers",
    "add_task",
    "amend_case",
    "announced_year",
    "archive_case",
    "ask_extension",
    "attach_file",
    "cancel_import",
    "close_case",
    "close_meeting",
    "complete_task",
    "confirm_import",
    "correct_road_result",
    "count_changes",
    "decide_extension",
    "decide_return",
    "differences",
    "discard_draft",
    "discard_view",
    "dispatch_case",
    "escalate_by_clock",
    "escalate_case",
    "fold_tallies",
    "follow_rests",
    "forget_typed",
    "guide_case",
    "hand_down_case",
    "hang_up_case",
    "issue_query_code",
    "keep_typed",
    "link_repeat",
    "locked_item",
    "mark_due_clocks",
    "merge_case",
    "name_leader_in_charge",
    "note_decision",
    "note_download",
    "note_export",
    "open_meeting",
    "preview_of",
    "put_on_agenda",
    "rate_case",
    "rebuild_tallies",
    "reckoned_year",
    "recompute_running_clocks",
    "record_follow_up",
    "record_road_result",
    "register_beside",
    "register_case",
    "register_from_hazard",
    "register_items",
    "regrade_case",
    "release_part",
    "release_task",
    "remove_attachment",
    "reopen_case",
    "report_outcome",
    "report_part",
    "report_publicly",
    "restart_feed",
    "resume_case",
    "resume_import",
    "return_case",
    "return_part",
    "reveal_party",
    "save_draft",
    "save_view",
    "send_back",
    "settle_at_window",
    "sign_for_case",
    "sign_for_part",
    "split_case",
    "start_import",
    "suspend_case",
    "sweep_typed",
    "take_breaches",
    "take_up_case",
    "tell_due_tasks",
    "unlink_repeat",
    "withdraw_case",
    "work_on_imports",
    "write_days",
]
