"""Acts on the ground: postings, rosters, hazards, visits."""

from grids.actions.beats import change_beat, end_beat, open_beat
from grids.actions.duty import duty_person, duty_person_of, repeat_week, set_duty, take_off_duty
from grids.actions.first_start import FirstAccount, FirstStart, set_up_county
from grids.actions.hazards import add_file, arrive, reopen_hazard, report_hazard, solve_hazard, watch_hazard
from grids.actions.merging import merge_villages
from grids.actions.postings import end_posting, post_person
from grids.actions.roster import appoint, correct_service, end_service, hand_over, replace_officer, reveal_phone
from grids.actions.table_imports import confirm_import, note_export, start_import
from grids.actions.table_readings import read_again
from grids.actions.unmasking import export_in_clear
from grids.actions.visits import drop_plan, link_finding, note_outreach, plan_visits, record_visit

__all__ = [
    "FirstAccount",
    "FirstStart",
    "add_file",
    "appoint",
    "arrive",
    "change_beat",
    "confirm_import",
    "correct_service",
    "drop_plan",
    "duty_person",
    "duty_person_of",
    "end_beat",
    "end_posting",
    "end_service",
    "export_in_clear",
    "hand_over",
    "link_finding",
    "merge_villages",
    "note_export",
    "note_outreach",
    "open_beat",
    "plan_visits",
    "post_person",
    "read_again",
    "record_visit",
    "reopen_hazard",
    "repeat_week",
    "replace_officer",
    "report_hazard",
    "reveal_phone",
    "set_duty",
    "set_up_county",
    "solve_hazard",
    "start_import",
    "take_off_duty",
    "watch_hazard",
]
