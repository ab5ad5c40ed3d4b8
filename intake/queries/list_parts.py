"""What a list of cases shows of each beside its row, as the detail tells it: read for the whole page at once."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import prefetch_related_objects

from intake.models import Case, Party
from intake.queries.cases import note_looks
from intake.queries.list_rows import veiled_row
from intake.queries.parties import read_parties
from intake.queries.veiling import hidden_from
from intake.queries.whole_case import read_running
from intake.sight import sight_within
from zhongzhi.accounts.models import User


def read_parts(user: User, cases: Sequence[Case], parts: Collection[str]) -> None:
    """Read parts (`parties`, `handlings`, `clocks`) of cases of `cases_for_list`, and record looks at restricted ones.
    At most five statements, however many cases; one more entry of the trail for each restricted case."""
    for case in cases:
        veiled_row(user, case)
    if "parties" in parts:
        read_parties(cases)
        prefetch_related_objects([case for case in cases if case.is_restricted], "violence")
    if "handlings" in parts:
        prefetch_related_objects(cases, "handlings__organisation")
    if "clocks" in parts:
        read_running(cases)
    _read_names([case for case in cases if not sight_within(user, case).is_full])
    note_looks(user, cases)


def _read_names(cases: Sequence[Case]) -> None:
    """Everybody who is named in these cases, members of groups among them: their names are masked in all parts."""
    named: dict[int, list[Party]] = defaultdict(list)
    for party in Party.everyone.filter(case__in=cases).only("case_id", "name").order_by() if cases else ():
        named[party.case_id].append(party)
    for case in cases:
        case.everybody = named[case.pk]  # type: ignore[attr-defined]


def hidden_in_parts(user: User, case: Case) -> list[str]:
    """The names in the parts of a case that `read_parts` has read that this person is not shown."""
    case.named_parties = getattr(case, "everybody", case.principals)  # type: ignore[attr-defined]
    return hidden_from(user, case)
