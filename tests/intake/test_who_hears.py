"""What happens × who hears of it: each thing is done, and those are told whom this table, written by hand, names."""

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
    actions.amend_case(case, an_entry(narrative="补充：少了四垄。"), actor=town.dispatcher)


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
