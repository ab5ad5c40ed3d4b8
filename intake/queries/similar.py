"""Earlier cases like this one: of the same family of categories, ended, ranked by the rare words they have in common.

Words are the windows of two characters that the search's index holds. How common each is the database's statistics of
that index say; the rarest are looked up, few enough that the cost stays the same however many cases there are.
"""

import re
import time
from dataclasses import dataclass
from datetime import timedelta
from math import log, sqrt

from django.db import connection

from intake.lifecycle import DONE_STATES, State
from intake.models import Case
from intake.queries.veiling import veil_all
from intake.search.queries import CaseText, Windows
from intake.sight import Level, cases_in_words, sight_within
from zhongzhi.accounts.models import User

SHOWN, ASKED_FOR, LOOKED_AT, MOST_ROWS = 5, 12, 150, 1500
HAN = re.compile(r"[\u3400-\u9fff]{2,}")
LONGEST = 600
"""Characters of a text that are compared."""
COMMON = 0.02
"""Windows that more than this share of cases hold say nothing."""
ENDED = (State.CONCLUDED, *DONE_STATES)
KEPT_SECONDS = 600
STATISTICS = """
    SELECT most_common_elems::text::text[], most_common_elem_freqs,
           (SELECT greatest(reltuples, 1) FROM pg_class WHERE relname = 'intake_case')
    FROM pg_stats WHERE tablename = 'intake_case_windows'
"""
_held: tuple[float, "Commonness"] | None = None


@dataclass(frozen=True)
class Commonness:
    """Which share of the cases holds a window; those that are not known are rarer than any that is."""

    shares: dict[str, float]
    rarest: float
    cases: float

    def of(self, window: str) -> float:
        """The share, or an upper bound of it."""
        return self.shares.get(window, self.rarest)


@dataclass(frozen=True)
class SimilarCase:
    """One of them as this reader may see it: how long it took, who ended it and how; what both say to those alone who
    see this case in full, for it may be part of a name."""

    case: Case
    days: int | None
    shared: str


def similar_cases(user: User, case: Case) -> list[SimilarCase]:
    """The few that are most like a case in sight, as far as the reader sees them; none of a case without category."""
    sight = sight_within(user, case)
    if not case.category_id or sight.level < Level.MASKED:
        return []
    scores = _scores(case)
    best = _ordered(scores)[:ASKED_FOR]
    if not best:
        return []
    earlier = cases_in_words(user).filter(pk__in=best, is_restricted=False)
    known = earlier.select_related("category", "territory", "concluded_by").in_bulk()
    rows = veil_all(user, [known[pk] for pk in best if pk in known][:SHOWN], lambda row: row)
    found = [(row, scores[row.pk][1] if sight.is_full else []) for row in rows]
    return [SimilarCase(row, _days(row), "、".join(shared)) for row, shared in found]


def likest(case: Case) -> list[int]:
    """The keys of the cases that are like one, the likest first, whoever sees them: for the trial of the ranking."""
    return _ordered(_scores(case))


def windows_of(case: Case) -> set[str]:
    """The windows of Han characters of a case's text."""
    return windows_held(case.title, case.narrative)


def windows_held(title: str, narrative: str) -> set[str]:
    """The windows of a title and a narrative."""
    return set(windows_in(f"{title}\n{narrative}"[:LONGEST].lower()))


def windows_in(text: str) -> list[str]:
    """Each two characters that stand together and are both Han."""
    return [run[at : at + 2] for run in HAN.findall(text) for at in range(len(run) - 1)]


def commonness() -> Commonness:
    """What the database's statistics say, kept for ten minutes."""
    global _held
    if _held is None or time.monotonic() - _held[0] > KEPT_SECONDS:
        _held = (time.monotonic(), _read())
    return _held[1]


def forget_commonness() -> None:
    """Read the statistics again the next time."""
    global _held
    _held = None


def _read() -> Commonness:
    with connection.cursor() as cursor:
        cursor.execute(STATISTICS)
        row = cursor.fetchone()
    if row is None or not row[0]:
        return Commonness({}, COMMON / 2, 1.0)
    shares = dict(zip(row[0], row[1], strict=False))
    return Commonness(shares, min(shares.values()), float(row[2]))


def rare_windows(own: set[str], common: Commonness) -> list[str]:
    """The rarest that others are known to hold, and of those that nothing is known of; as many as bring few rows."""
    rare = sorted((w for w in own if common.of(w) <= COMMON), key=lambda w: (w not in common.shares, common.of(w), w))
    found: list[str] = []
    rows = 0.0
    for window in rare:
        rows += common.of(window) * common.cases
        if found and rows > MOST_ROWS:
            break
        found.append(window)
    return found


def _ordered(scores: dict[int, tuple[float, list[str]]]) -> list[int]:
    return sorted(scores, key=lambda pk: -scores[pk][0])


def _scores(case: Case) -> dict[int, tuple[float, list[str]]]:
    """How much each candidate shares, weighed by how rare it is, and the rarest of it."""
    common, own = commonness(), windows_of(case)
    windows = rare_windows(own, common)
    if not windows:
        return {}
    rows = Case.objects.alias(held=Windows(CaseText("title", "narrative"))).filter(held__overlap=windows)
    family = int(str(case.category_id)[:2])
    of_family = {"category__gte": f"{family:02}", "category__lt": f"{family + 1:02}"}  # codes; needs no join
    rows = rows.filter(status__in=ENDED, **of_family).exclude(pk=case.pk)
    rarity = {window: -log(common.of(window)) for window in own}
    found: dict[int, tuple[float, list[str]]] = {}
    for pk, title, narrative in rows.order_by("-pk").values_list("pk", "title", "narrative")[:LOOKED_AT]:
        theirs = windows_held(title, narrative)
        shared = sorted(own & theirs, key=lambda window: (-rarity[window], window))
        found[pk] = (sum(map(rarity.__getitem__, shared)) / sqrt(len(theirs) + 1), shared[:3])
    return found


def _days(case: Case) -> int | None:
    if case.concluded_at is None or case.accepted_at is None:
        return None
    return max(0, (case.concluded_at - case.accepted_at) // timedelta(days=1))
