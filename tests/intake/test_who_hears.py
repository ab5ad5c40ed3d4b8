"""What happens × who hears of it: each thing is done, and those are told whom this table, written by hand, names."""

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from intake import actions
from intake.extension_points import direct_notices
from intake.lifecycle import Event
from intake.models import Case
from intake.notifications import NEWS
from intake.public import actions as public_actions
from intake.public.models import QueryCode
from referrals import actions as papers
from tests.intake import ways
from tests.intake.test_coming_to_rest import full, raised, supported, town
from tests.mediation import ways as talks
from tests.people import Ground, an_entry
from zhongzhi.accounts.models import User
from zhongzhi.notices.models import OutboxMessage

__all__ = ["town"]
pytestmark = pytest.mark.django_db

SORTERS = {"town_dispatcher", "town_manager"}
COUNTY = {"dispatcher", "manager"}
WORKING = {"town_handler", "police", "town_mediator"}
PAPER = SimpleUploadedFile("丈量.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
Go = Callable[[Ground, Case], Any]


def closed(town: Ground) -> Case:
    """Closed by the town, led by its justice office."""
    case = papers.dispatch_with_slip(talks.accepted(town), actor=town.town_dispatcher, organisation=town.juri_justice)
    actions.sign_for_case(case, actor=town.town_handler)
    actions.report_outcome(Case.objects.get(pk=case.pk), ways.REPORT, actor=town.town_handler)
    Case.objects.get(pk=case.pk).leaders_in_charge.create(leader=town.leader, reason="难办", since=timezone.now())
    return Case.objects.get(pk=case.pk)


def suspended(town: Ground) -> Case:
    return actions.suspend_case(full(town), actor=town.town_dispatcher, reason="等待鉴定")


def merged(town: Ground) -> Case:
    """A case of the town merged into a full one of the town."""
    into, case = full(town), talks.accepted(town)
    return actions.merge_case(case, actor=town.town_clerk, target=str(into.code), reason="同一事项")


def rate(town: Ground, case: Case) -> None:
    """One star for what the window settled itself."""
    applicant = case.parties.order_by("pk")[0]
    issued = public_actions.issue_query_code(case, applicant, actor=town.clerk)
    public_actions.rate_case(QueryCode.objects.get(pk=issued.row.pk), score=1)


def amend(town: Ground, case: Case) -> None:
    actions.amend_case(case, an_entry(narrative="补充：少了四垄。"), actor=town.dispatcher, reason="丈量后更正")


WALKS: dict[str, tuple[Callable[[Ground], Case], Go, set[str]]] = {
    "case_evidence": (full, lambda g, c: actions.attach_file(c, PAPER, actor=g.town_dispatcher), WORKING),
    "case_amended": (ways.handling, amend, {"handler"}),
    "risk_raised": (
        full,
        lambda g, c: actions.regrade_case(c, actor=g.town_dispatcher, risk="orange", reason="扬言"),
        {"town_manager", *WORKING, "leader"},
    ),
    "case_suspended": (
        full,
        lambda g, c: actions.suspend_case(c, actor=g.town_dispatcher, reason="等待鉴定"),
        {"town_clerk", *WORKING, "leader"},
    ),
    "case_hung_up": (
        full,
        lambda g, c: actions.put_on_open_list(
            c, actor=g.town_manager, reason="失联", review_on=timezone.localdate().replace(year=2099)
        ),
        {"town_clerk", *WORKING, "leader"},
    ),
    "case_resumed": (
        suspended,
        lambda g, c: actions.resume_case(c, actor=g.town_dispatcher),
        {"town_clerk", *WORKING, "leader"},
    ),
    "case_withdrawn": (
        full,
        lambda g, c: actions.withdraw_case(c, actor=g.town_clerk, reason="自行和解"),
        {*SORTERS, *WORKING, "leader"},
    ),
    "case_escalated": (
        full,
        lambda g, c: actions.escalate_case(c, actor=g.town_dispatcher, reason="超出能力"),
        {*COUNTY, "town_manager", "town_clerk", *WORKING, "leader"},
    ),
    "case_guided": (
        raised,
        lambda g, c: actions.guide_case(c, actor=g.dispatcher, receiver=g.labour_bureau, note="属其职责"),
        {"town_clerk", *SORTERS, *WORKING, "leader"},
    ),
    "case_handed_down": (
        supported,
        lambda g, c: papers.hand_down_with_slip(c, actor=g.dispatcher, centre=g.juri_centre, reason="就近"),
        {*SORTERS, "manager", "town_clerk", "leader"},
    ),
    "case_concluded": (
        ways.handling,
        lambda g, c: actions.report_outcome(c, ways.REPORT, actor=g.handler),
        COUNTY,
    ),
    "case_closed": (
        closed,
        lambda g, c: actions.close_case(c, actor=g.town_dispatcher),
        {"town_clerk", "town_handler", "leader"},
    ),
    "case_returned": (
        ways.dispatched,
        lambda g, c: actions.return_case(c, actor=g.handler, reason="不属本单位"),
        COUNTY,
    ),
    "case_merged_in": (
        full,
        lambda g, c: actions.merge_case(talks.accepted(g), actor=g.town_clerk, target=str(c.code), reason="同一事项"),
        {*SORTERS, *WORKING, "leader"},
    ),
    "case_split_off": (
        merged,
        lambda g, c: actions.split_case(c, actor=g.town_clerk, reason="不是同一事项"),
        {*SORTERS, *WORKING, "leader"},
    ),
    "case_split": (merged, lambda g, c: actions.split_case(c, actor=g.town_clerk, reason="不是同一事项"), SORTERS),
    "case_restored": (
        lambda g: actions.withdraw_case(full(g), actor=g.town_clerk, reason="自行和解"),
        lambda g, c: actions.restore_case(c, actor=g.town_manager, reason="又来反映"),
        {"town_dispatcher", "town_clerk", "town_handler"},
    ),
    "citizen_unhappy": (lambda g: actions.settle_at_window(an_entry(), ways.REPORT, actor=g.clerk), rate, COUNTY),
}


@pytest.mark.parametrize("news", NEWS)
def test_those_hear_of_it_whom_the_table_names_and_nobody_else(town: Ground, news: str) -> None:
    make, go, names = WALKS[news]
    case = make(town)
    before = OutboxMessage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    go(town, case)
    rows = OutboxMessage.objects.filter(pk__gt=before, topic="notice", payload__kind__startswith=news)
    keys = {row.payload["user"] for row in rows if re.fullmatch(rf"{news}(_\d+)?", row.payload["kind"])}
    assert set(User.objects.filter(pk__in=keys).values_list("username", flat=True)) == names


def test_every_thing_of_the_table_is_done() -> None:
    assert set(WALKS) == set(NEWS)


def test_the_page_of_the_table_has_not_drifted(tmp_path: Path) -> None:
    fresh = tmp_path / "who-hears.md"
    call_command("document_news", file=fresh, verbosity=0)
    stored = Path(settings.BASE_DIR) / "docs" / "who-hears.md"
    assert stored.read_text(encoding="utf-8") == fresh.read_text(encoding="utf-8"), "run: manage.py document_news"


TELLING = {
    "announce": 1,
    "notify": 2,
    "notify_dispatchers": 1,
    "notify_handlers": 2,
    "notify_addressee": 1,
    "notify_issuer": 1,
    "tell_mediators": 1,
}
"""Functions that tell of a case or what hangs on it, and which of their arguments names the kind of message."""


STEMS = {"case", "task", "clock"}
"""Kinds whose second word is a variable: review and reopening; near and over. They stand there by their whole names."""
ELSEWHERE = {"import_done", "many_looks"}
"""Messages about no one case."""


def kinds_in(path: Path) -> set[str]:
    """The kinds of messages that a module sends, without the number that tells two of a kind apart."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        kind = kind_of(node) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None
        if isinstance(kind, ast.Constant):
            found.add(str(kind.value))
        elif isinstance(kind, ast.JoinedStr) and isinstance(kind.values[0], ast.Constant):
            found.add(str(kind.values[0].value).rstrip("_"))
    return found


def kind_of(call: ast.Call) -> ast.expr | None:
    """The argument of a call that names the kind of message; None where it tells nothing."""
    name = getattr(call.func, "id", "")
    if name in ("post", "Announcement"):
        named = [word.value for word in call.keywords if word.arg == "kind"]
        return next(iter([*named, *call.args[1:2]]), None)
    at = TELLING.get(name)
    return call.args[at] if at is not None and len(call.args) > at else None


def test_every_message_about_a_case_stands_in_one_of_the_two_tables() -> None:
    known = {*NEWS, *(told.kind for told in direct_notices)}
    code = [p for app in ("intake", "mediation", "referrals") for p in (settings.BASE_DIR / app).rglob("*.py")]
    sent = {kind for path in code if path.name != "notifications.py" for kind in kinds_in(path)}
    assert len(sent) > 40
    assert sent - known - STEMS - ELSEWHERE == set()
    assert known.isdisjoint({told.kind for told in direct_notices} & set(NEWS))


def test_every_way_of_the_lifecycle_is_told_to_somebody() -> None:
    """Each move of a case is told by one of the messages named here."""
    told = {
        "register": "case_registered", "accept": "", "guide": "case_guided", "guide_back": "guidance_refused",
        "dispatch": "case_dispatched", "take_up": "", "sign": "", "return": "case_returned",
        "conclude": "case_concluded", "send_back": "case_send_back", "close": "case_closed", "reopen": "case_reopen",
        "archive": "", "suspend": "case_suspended", "resume": "case_resumed", "withdraw": "case_withdrawn",
        "merge": "case_merged_in", "split": "case_split", "escalate": "case_escalated",
        "hand_down": "case_handed_down", "restore": "case_restored",
    }  # fmt: skip
    assert set(told) == set(Event.values)
    assert {kind for kind in told.values() if kind} <= {*NEWS, *(row.kind for row in direct_notices)}
