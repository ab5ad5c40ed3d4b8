"""Acts on the ground: postings, rosters."""

from grids.actions.postings import end_posting, post_person
from grids.actions.roster import appoint, correct_service, end_service, hand_over, reveal_phone

__all__ = [
    "appoint",
    "correct_service",
    "end_posting",
    "end_service",
    "hand_over",
    "post_person",
    "reveal_phone",
]
