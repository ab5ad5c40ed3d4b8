"""How long the server takes for the pages of people's posts, in a county with a year of history: what the navigation
offers each of them, the lists that the home page links, one case with its parts."""

import re
import statistics
import time
from collections.abc import Callable, Iterator

from devkit.benchmarks.ground import ground
from devkit.benchmarks.history import give_history
from devkit.benchmarks.lines import Line, Lines
from devkit.benchmarks.reader import Reader
from intake.queries import cases_visible_to
from zhongzhi.accounts.models import User

PEOPLE = (
    "clerk", "dispatcher", "manager", "leader", "handler", "town_manager", "village_manager", "mediator", "grid_worker",
)  # fmt: skip
TIMES = 41
MOST, MOST_OF_PART = 100, 80
"""Milliseconds of server time: 95 of a hundred answers come within it."""
LINKED = re.compile(r'href="(/[^"#]*)"')
PARTS = re.compile(r'hx-get="([^"]*)"[^>]*hx-trigger="(?:load|intersect|revealed)')
ELSEWHERE = re.compile(r"^/(?:static/|logout/|handbook/|me/|cases/ZJ)|/export|\.pdf|\.csv|\.ndjson")
"""Not pages of the work, or one case among many: one is measured."""


def pages() -> Lines:
    """One line for each person: all pages, and the slowest; and one for each that is above its limit."""
    yield from give_history()
    for name in PEOPLE:
        yield from _of(ground().people[name], name)


def _of(user: User, name: str) -> Lines:
    reader = Reader(user)
    found = {path: _p95(reader, path) for path in _pages_of(reader, user) if _answers(reader, path)}
    parts = {path: _p95(reader, path) for page in found for path in _parts_of(reader, page) if _answers(reader, path)}
    for kind, times, most in (("pages", found, MOST), ("parts", parts, MOST_OF_PART)):
        if not times:
            continue
        slowest = max(times, key=lambda path: times[path])
        target = f"p95 ≤ {most} ms"
        yield Line(f"{name}, {len(times)} {kind}, median of p95", statistics.median(times.values()), None, "ms", target)
        yield Line(f"{name}, slowest of {kind}: {slowest}", times[slowest], None, "ms", target)
        for path, taken in times.items():
            if taken > most and path != slowest:
                yield Line(f"{name}, {kind[:-1]} above: {path}", taken, None, "ms", target)


def _pages_of(reader: Reader, user: User) -> list[str]:
    """Where the home page leads, and one case in sight."""
    links = [link.replace("&amp;", "&") for link in LINKED.findall(reader.home().content)]
    case = cases_visible_to(user).exclude(registered_at=None).order_by("-id").first()
    dossier = [f"/cases/{case.code}/"] if case is not None else []
    return list(dict.fromkeys(["/", *(link for link in links if not ELSEWHERE.search(link)), *dossier]))


def _parts_of(reader: Reader, page: str) -> Iterator[str]:
    for path in PARTS.findall(reader.get(page).content):
        yield path.replace("&amp;", "&")


def _answers(reader: Reader, path: str) -> bool:
    answer = reader.get(path)
    return answer.status == 200 and answer.is_whole


def _p95(reader: Reader, path: str) -> float:
    times = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        reader.get(path)
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.quantiles(times, n=20)[-1]


MEASURES: dict[str, Callable[[], Lines]] = {"pages": pages}
