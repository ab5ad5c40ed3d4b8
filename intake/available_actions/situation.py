"""A case as the acts look at it."""

from dataclasses import dataclass
from functools import cached_property

from grids.scope import scope_of
from intake import permissions
from intake.actions.extensions import own_handling_clock
from intake.deadlines.models import Clock, ExtensionRequest
from intake.deadlines.queries import open_extension_request
from intake.extension_points import Way
from intake.lifecycle import State
from intake.models import Case, Guidance, GuidanceEnd, Handling, HandlingPart, ReturnRequest, RoadTaken
from intake.models.handling import REPORTED_APART
from intake.queries import archive_gaps, ended_roads_of, open_guidance_of, open_roads_of
from intake.transitions import bars_of
from zhongzhi.accounts.models import User


@dataclass(frozen=True)
class Situation:
    """A case and a person; what hangs on the case is read once, and only when asked for."""

    user: User
    case: Case

    @cached_property
    def lead(self) -> Handling | None:
        """The open handling of the organisation in charge."""
        return next((row for row in self._at_work if row.part == HandlingPart.LEAD), None)

    @cached_property
    def _at_work(self) -> list[Handling]:
        """The open handlings; those of a case that was read whole are there."""
        return [row for row in self.case.handlings.all() if row.closed_at is None]

    @cached_property
    def return_request(self) -> ReturnRequest | None:
        """A return that waits for the manager's decision."""
        if "return_requests" in self.case.lacks:
            return None
        rows = ReturnRequest.objects.filter(handling__case=self.case, granted__isnull=True)
        return rows.select_related("handling__organisation", "asked_by").first()

    @cached_property
    def extension_request(self) -> ExtensionRequest | None:
        """More time asked for and not decided."""
        if "extension_requests" in self.case.lacks:
            return None
        return open_extension_request(self.case)

    @cached_property
    def handling_clock(self) -> Clock | None:
        """The handling limit that runs for the person's own organisation."""
        return own_handling_clock(self.case, self.user)

    @cached_property
    def bars(self) -> list[str]:
        """What must be done before the outcome can be reported."""
        return bars_of(self.case, Way.CONCLUDE) if self.case.status == State.HANDLING else []

    @cached_property
    def part_bars(self) -> list[str]:
        """What the person's organisation must do before it can report its part."""
        return bars_of(self.case, Way.REPORT_PART, self.part) if self.part is not None else []

    @cached_property
    def part(self) -> Handling | None:
        """The open co-handling of the person's organisation: given by a slip, or what it supports since it held the
        case itself."""
        own = scope_of(self.user).organisation_ids
        rows = (row for row in self._at_work if row.part == HandlingPart.CO and row.kind in REPORTED_APART)
        return next((row for row in rows if row.organisation_id in own), None)

    @cached_property
    def has_it_in_hand(self) -> bool:
        """Whether the person sorts the case, or works on it at any organisation that has it now."""
        return self.may_sort or any(permissions.may_work_on(self.user, row) for row in self._at_work)

    @cached_property
    def has_repeats(self) -> bool:
        """Whether the case is linked as the repeat of an earlier one."""
        return self.case.repeats_of.exists()

    @cached_property
    def gaps(self) -> list[str]:
        """What the file of a closed case still lacks."""
        return archive_gaps(self.case) if self.case.status == State.CLOSED else []

    @cached_property
    def guidance(self) -> Guidance | None:
        """The guidance of a guided case that has neither arrived nor come back."""
        return open_guidance_of(self.case) if self.case.status == State.GUIDED else None

    @cached_property
    def came_back(self) -> bool:
        """Whether a receiver has refused the case: it is guided no more."""
        return self.case.guidances.filter(end=GuidanceEnd.REFUSED).exists()

    @cached_property
    def open_roads(self) -> list[RoadTaken]:
        """Roads the case was led to whose result is waited for."""
        return open_roads_of(self.case)

    @cached_property
    def ended_roads(self) -> list[RoadTaken]:
        """Roads the case was led to whose result is recorded."""
        return ended_roads_of(self.case)

    @property
    def may_sort(self) -> bool:
        """Whether the person sorts the cases of the centre that answers."""
        return permissions.may_sort(self.user, self.case)

    @property
    def may_work(self) -> bool:
        """Whether the person handles cases at the organisation in charge."""
        return self.lead is not None and permissions.may_work_on(self.user, self.lead)
