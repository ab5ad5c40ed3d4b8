"""The kinds of table that can be imported: who may, and how each is looked at and written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grids.actions import beats_table, people_table, places_table, roster_table
from grids.permissions import keeps_people, keeps_places, may_keep_rosters
from zhongzhi.accounts.models import User


def _nothing(cells: dict[str, str], reservations: Any) -> None:
    """Most tables have no rows that make room for others."""


def _no_slot(cells: dict[str, str]) -> None:
    """Most tables have no posts that only one may hold."""


@dataclass(frozen=True)
class Table:
    """One kind: `reservations` makes what is remembered of a whole table, `read` what a chunk is compared with,
    `plan` says what a row would do, `write` does it; `note_ends` sees every row before, `reserve_again` those of a
    check that was interrupted; `single` tells rows that another row of the table must make room for."""

    allowed: Callable[[User], bool]
    reservations: Callable[[], Any]
    read: Callable[..., Any]
    plan: Callable[[int, dict[str, str], Any], Any]
    write: Callable[..., None]
    reserve_again: Callable[[int, dict[str, str], str, Any], None]
    note_ends: Callable[[dict[str, str], Any], None] = _nothing
    single: Callable[[dict[str, str]], Any] = _no_slot


KINDS = {
    "roster": Table(
        may_keep_rosters,
        roster_table.Reservations,
        roster_table.read_snapshot,
        roster_table.plan_row,
        roster_table.write_plans,
        roster_table.reserve_again,
        roster_table.note_ends,
        roster_table.slot_of,
    ),
    "places": Table(
        keeps_places,
        places_table.PlaceReservations,
        places_table.read_places,
        places_table.plan_place,
        places_table.write_places,
        places_table.reserve_place_again,
    ),
    "beats": Table(
        may_keep_rosters,
        beats_table.BeatReservations,
        beats_table.read_beats,
        beats_table.plan_beat,
        beats_table.write_beats,
        beats_table.reserve_beat_again,
    ),
    "people": Table(
        keeps_people,
        people_table.PeopleReservations,
        people_table.read_people,
        people_table.plan_person,
        people_table.write_people,
        people_table.reserve_person_again,
    ),
}
