"""What of the warnings of a territory belongs on the agenda of its joint analysis."""

from datetime import datetime

from early_warning.lifecycle import LIVE
from early_warning.models import Evidence, Warning
from early_warning.queries.visibility import ranked
from grids.models import Organisation
from intake.lifecycle import OPEN_STATES
from intake.models import Case

MOST = 50


def cases_warned_of(centre: Organisation, since: datetime) -> list[Case]:
    """Of each live warning of the territory that was raised or grew since then its latest open case, graver first."""
    code = centre.territory.current_code
    rows = Warning.objects.filter(status__in=LIVE, grew_at__gte=since, territory__current_code__startswith=code)
    keys = [warning.pk for warning in ranked(rows)[:MOST]]
    open_ones = Evidence.objects.filter(warning__in=keys, case__status__in=OPEN_STATES)
    latest = open_ones.order_by("warning_id", "-happened_at", "-pk").distinct("warning_id")
    cases = {row.warning_id: row.case_id for row in latest}
    known = Case.objects.select_related("territory").in_bulk(set(cases.values()))
    return list(dict.fromkeys(known[cases[key]] for key in keys if key in cases))
