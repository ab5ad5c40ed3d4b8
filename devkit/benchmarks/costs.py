"""What an act and its answer cost: the statements that the database is asked, and the program's own processor time.

Neither depends on what else the machine does, as the time on the clock would.
"""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from devkit.benchmarks.ground import ground
from devkit.benchmarks.lines import Line, Lines
from intake import actions
from intake.models import Case
from tests.people import an_entry
from zhongzhi.accounts.models import User

TIMES = 20
CASES = "/api/v1/cases/"
ENTRY = {
    "narrative": "自家土地少了3垄，怀疑邻地农户多种。",
    "territory": "150526103200",
    "category": "0901",
    "parties": [{"name": "岳某某", "phone": "13847500001"}],
}
HOMES = ("clerk", "dispatcher", "handler", "town_clerk", "village_manager", "leader")


def acts() -> Lines:
    """Registering, accepting, reading a case, its page, a list and the home pages: one after the other, one client."""
    clerk, dispatcher = _signed_in(ground().clerk), _signed_in(ground().dispatcher)
    fresh = iter([actions.register_case(an_entry(), actor=ground().clerk) for _ in range(TIMES + 2)])
    case = _handed_out()
    yield from _cost("case registered", lambda: _post(clerk, CASES, ENTRY), 14)
    yield from _cost("case accepted", lambda: _post(dispatcher, f"{CASES}{next(fresh).code}/accept/", {}), 12)
    yield from _cost("case read", lambda: clerk.get(f"{CASES}{case.code}/"), 8)
    yield from _cost("page of a case", lambda: clerk.get(f"/cases/{case.code}/"), 14)
    yield from _cost("list of 50", lambda: clerk.get(f"{CASES}?limit=50"), 6)
    for name in HOMES:
        client = _signed_in(ground().people[name])
        yield from _cost(f"home of {name}", lambda client=client: client.get("/"), 10)  # type: ignore[misc]


def _cost(what: str, ask: Callable[[], Any], most: int) -> Iterator[Line]:
    ask()
    with CaptureQueriesContext(connection) as asked:
        answer = ask()
    assert answer.status_code < 300, answer.content
    yield Line(f"{what}: statements", float(len(asked.captured_queries)), None, "", f"≤ {most}")
    begun = time.process_time()
    for _ in range(TIMES):
        ask()
    yield Line(f"{what}: of own processor", (time.process_time() - begun) * 1000 / TIMES, None, "ms", "–")


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _post(client: Client, path: str, body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def _handed_out() -> Case:
    case = actions.accept_case(actions.register_case(an_entry(), actor=ground().clerk), actor=ground().dispatcher)
    return actions.dispatch_case(case, actor=ground().dispatcher, organisation=ground().justice_bureau)


MEASURES = {"acts": acts}
