"""Kinds of values of joint work: an organisation that handles the case, rows of co-handlers."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from intake.coordination.actions import CoHandler
from intake.fields import OrganisationInReach, OrganisationKey
from intake.models import Case, Handling
from referrals.queries import open_handling_of, open_handlings
from zhongzhi.web.shapes import ApiField, Ask, Line, RowChoice, Rows, Shape


def _with_part(handling: Handling) -> str:
    return f"{handling.organisation.name}（{handling.get_part_display()}）"


class OpenHandling(RowChoice):
    """One of the organisations that handle the case now; programs name the organisation."""

    def serializer_fields(self, name: str) -> dict[str, ApiField]:
        """Named for what is handed in."""
        return {"organisation": self.serializer_field()}

    def api_arguments(self, name: str, validated: Mapping[str, Any], subject: Case) -> dict[str, Any]:
        """Its open handling; RuleViolation at `organisation` for one that does not handle the case."""
        return {name: open_handling_of(subject, validated["organisation"])}


def open_handling(
    label: str, rows: Callable[[Case], Iterable[Handling]] = open_handlings, *, api_help: str = ""
) -> OpenHandling:
    """A choice among those that are open, or some of them."""
    return OpenHandling(
        label,
        rows,
        reads=_with_part,
        empty="请选择",
        page=Ask.OPTIONAL,
        key=OrganisationKey,
        api_help=api_help,
    )


CO_HANDLERS = Rows(
    "协办单位（多部门联动）",
    Shape(
        "CoHandlerIn",
        organisation=OrganisationInReach("协办单位"),
        instruction=Line("协办要求", required=False, longest=2000),
    ),
    CoHandler,
    cells={"organisation": ("co", "协办单位"), "instruction": ("co_task", "协办要求")},
)
