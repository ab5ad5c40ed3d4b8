"""Acts on the ground: postings, rosters, hazards, visits."""

from grids.actions.duty import duty_person, repeat_week, set_duty, take_off_duty
from grids.actions.hazards import add_file, arrive, reopen_hazard, report_hazard, solve_hazard, watch_hazard
from grids.actions.imports import confirm_import, note_export, start_import
from grids.actions.merging import merge_villages
from grids.actions.postings import end_posting, post_person
from grids.actions.roster import appoint, correct_service, end_service, hand_over, reveal_phone
from grids.actions.visits import drop_plan, link_finding, note_outreach, plan_visits, record_visit

__all__ = [
    "add_file",
    "appoint",
    "arrive",
    "confirm_import",
    "correct_service",
    "drop_plan",
    "duty_person",
    "end_posting",
    "end_service",
    "hand_over",
    "link_finding",
    "merge_villages",
    "note_export",
    "note_outreach",
    "plan_visits",
    "post_person",
    "record_visit",
    "reopen_hazard",
    "repeat_week",
    "report_hazard",
    "reveal_phone",
    "set_duty",
    "solve_hazard",
    "start_import",
    "take_off_duty",
    "watch_hazard",
]
