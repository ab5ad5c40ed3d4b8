"""The ranking of similar cases against plain BM25, on a labelled set of texts whose kind is known."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import log
from random import Random
from statistics import mean

from django.db import connection, transaction
from django.utils import timezone

from devkit.simulation.like_texts import LEAF, LikeText, texts
from grids.models import Organisation, Territory
from intake.lifecycle import State
from intake.models import Case, Outcome, Tier
from intake.queries.similar import forget_commonness, likest, windows_in
from tests.people import Ground, make_ground
from zhongzhi.accounts.models import User
from zhongzhi.core.numbering import case_code

SEEN, LOOKED_AT = 5, 20
K1, B = 1.2, 0.75
TITLE = "## Similar cases against plain BM25"
TEXT = """Written by `python -m devkit simulate_similar --write` on {day} at {commit}: {cases:,} ended
cases of 30 kinds in six families of categories, {queries} queries, in varied words
(`devkit/simulation/like_texts.py`). Right is a case of the query's kind; within a family all kinds have
one category. BM25 (k1 1.2, b 0.75) reads all ended cases of all families.

| ranking | mean average precision of the first 20 | of the first 5 | first one right |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Plan:
    """Cases and queries of each of the 30 kinds."""

    cases: int = 40
    queries: int = 8
    seed: int = 7


@dataclass(frozen=True)
class Quality:
    """How well a ranking did over all queries."""

    name: str
    first_20: float
    first_5: float
    first_right: float


def compared(plan: Plan) -> list[Quality]:
    """Write the cases into a database that holds none, and ask both rankings every query."""
    dice = Random(plan.seed)  # noqa: S311 - repeatable, not secret
    ground = make_ground()
    ended = list(texts(dice, plan.cases))
    keys = [case.pk for case in _write(ended, ground)]
    kinds = {key: one.kind for key, one in zip(keys, ended, strict=True)}
    queries = list(texts(dice, plan.queries))
    bm25 = Bm25(dict(zip(keys, (windows_in(_words(one)) for one in ended), strict=True)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE intake_case")
    forget_commonness()
    ours = [[kinds[pk] for pk in likest(_case(one))[:LOOKED_AT]] for one in queries]
    plain = [[kinds[pk] for pk in bm25.ranked(windows_in(_words(one)))] for one in queries]
    return [_quality("similar cases", queries, ours, plan), _quality("plain BM25", queries, plain, plan)]


class Bm25:
    """Plain BM25 over windows of two characters."""

    def __init__(self, held: dict[int, list[str]]) -> None:
        self.counts = {key: Counter(words) for key, words in held.items()}
        self.length = {key: len(words) for key, words in held.items()}
        self.average = mean(self.length.values())
        self.holders = Counter(word for words in self.counts.values() for word in words)

    def ranked(self, words: Sequence[str]) -> list[int]:
        """The best twenty."""
        scores = {key: sum(self._of(word, key) for word in set(words)) for key in self.counts}
        return sorted(scores, key=lambda key: (-scores[key], -key))[:LOOKED_AT]

    def _of(self, word: str, key: int) -> float:
        times, holders = self.counts[key][word], self.holders[word]
        if not times:
            return 0.0
        rare = log(1 + (len(self.counts) - holders + 0.5) / (holders + 0.5))
        return rare * times * (K1 + 1) / (times + K1 * (1 - B + B * self.length[key] / self.average))


def _quality(name: str, queries: Sequence[LikeText], found: Sequence[list[str]], plan: Plan) -> Quality:
    right = [[kind == query.kind for kind in kinds] for query, kinds in zip(queries, found, strict=True)]
    far, near = (mean(_average_precision(row[:n], min(n, plan.cases)) for row in right) for n in (LOOKED_AT, SEEN))
    return Quality(name, far, near, mean(bool(row and row[0]) for row in right))


def _average_precision(right: Sequence[bool], most: int) -> float:
    hits = [sum(right[: at + 1]) / (at + 1) for at, one in enumerate(right) if one]
    return sum(hits) / most


def _words(one: LikeText) -> str:
    return f"{one.title}\n{one.narrative}"


def _case(one: LikeText) -> Case:
    return Case(title=one.title, narrative=one.narrative, category_id=LEAF[one.family])


@transaction.atomic
def _write(ended: Sequence[LikeText], ground: Ground) -> list[Case]:
    begun = timezone.now() - timedelta(days=300)
    place, centre, author = ground.places["150526103200"], ground.village_centre, ground.clerk
    rows = (_ended(one, at, begun + timedelta(hours=3 * at), place, centre, author) for at, one in enumerate(ended))
    return Case.objects.bulk_create(rows, batch_size=500)


def _ended(one: LikeText, at: int, day: datetime, place: Territory, centre: Organisation, author: User) -> Case:
    return Case(
        code=case_code("150526", timezone.localdate(day), 40_000 + at), status=State.CLOSED, title=one.title,
        narrative=one.narrative, territory=place, centre=centre, holder=centre, tier=Tier.VILLAGE, registered_at=day,
        category_id=LEAF[one.family], accepted_at=day, concluded_at=day + timedelta(days=3), created_by=author,
        closed_at=day + timedelta(days=4), outcome=Outcome.SETTLEMENT, concluded_by=centre, solved_tier=Tier.VILLAGE,
    )  # fmt: skip


def table_of(plan: Plan, found: Sequence[Quality], day: date, commit: str) -> str:
    """The part of docs/warnings.md."""
    told = TEXT.format(day=day, commit=commit, cases=30 * plan.cases, queries=30 * plan.queries)
    return f"{TITLE}\n\n{told}" + "".join(_rows(found))


def _rows(found: Sequence[Quality]) -> Iterator[str]:
    for one in found:
        yield f"| {one.name} | {one.first_20:.3f} | {one.first_5:.3f} | {one.first_right:.2f} |\n"
