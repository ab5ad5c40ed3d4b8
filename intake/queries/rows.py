"""Rows of a list of cases, with the applicants' names as this reader may see them."""

from collections.abc import Iterable
from dataclasses import dataclass

from intake.models import Case, PartySide
from intake.permissions import may_see_personal
from intake.queries.parties import shown_name
from zhongzhi.accounts.models import User


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    case: Case
    names: str


def listed(user: User, cases: Iterable[Case]) -> list[Row]:
    """The lines for cases of `cases_for_list`; asks the database nothing more."""
    return [Row(case, _names(user, case)) for case in cases]


def _names(user: User, case: Case) -> str:
    in_clear = may_see_personal(user, case)
    applicants = [p for p in case.principals if p.side == PartySide.APPLICANT]  # type: ignore[attr-defined]
    names = [shown_name(party, in_clear=in_clear) for party in applicants[:2]]
    return "、".join(names) + (f"等 {len(applicants)} 人" if len(applicants) > 2 else "")
