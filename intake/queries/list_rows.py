"""Rows of a list of cases, with the applicants' names as this reader may see them."""

from collections.abc import Iterable
from dataclasses import dataclass

from intake.models import Case, PartySide
from intake.permissions import may_see_personal
from intake.queries.parties import RESTRICTED, shown_name
from intake.queries.veiling import veiled
from intake.sight import Level, sight_within
from zhongzhi.accounts.models import User


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    case: Case
    names: str


def listed(user: User, cases: Iterable[Case]) -> list[Row]:
    """The lines for cases of `cases_for_list`; asks the database nothing more."""
    return [_row(user, case) for case in cases]


def _row(user: User, case: Case) -> Row:
    names = _names(user, case)
    return Row(veiled_row(user, case), names)


def veiled_row(user: User, case: Case) -> Case:
    """A case of `cases_for_list` as this reader may see it; asks the database nothing more."""
    case.named_parties = case.principals  # type: ignore[attr-defined]
    return veiled(user, case)


def applicant_names(user: User, case: Case) -> list[str]:
    """The applicants of a case of `cases_for_list`, masked unless this reader handles the case; nobody's whose data
    are restricted: lists and what is taken out of them hold no such name."""
    if sight_within(user, case).level < Level.MASKED:
        return []
    in_clear = may_see_personal(user, case)
    return [
        RESTRICTED if party.restricted else shown_name(party, in_clear=in_clear)
        for party in case.principals  # type: ignore[attr-defined]
        if party.side == PartySide.APPLICANT
    ]


def _names(user: User, case: Case) -> str:
    names = applicant_names(user, case)
    return "、".join(names[:2]) + (f"等 {len(names)} 人" if len(names) > 2 else "")
