"""Before posts, whole numbers in bulk and sheets of a person, who has sat there for a while is asked again; until then
nothing is done. Tokens: administration/test_clients; exports: accounts/test_recent_authentication."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from grids.actions import people
from grids.entries import PostEntry
from grids.models import Posting, PostProposal, Role
from intake import actions
from intake.actions.unmasking import BULK
from intake.models import Case
from intake.verbs import Verb
from tests.accounts.known import age_session
from tests.days import today
from tests.grids.test_import_people import a_row, a_table
from tests.grids.test_import_roster import checked
from tests.people import Ground, an_entry
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.audit.models import TrailEntry
from zhongzhi.jobs.models import Job

pytestmark = pytest.mark.django_db
Try = Callable[[Ground], tuple[User, str, dict[str, Any] | None]]
"""Who tries what: the person, the address, and what is sent (None for a page that is read)."""
POST = {"organisation": "旗综治中心", "role": "clerk", "starts_on": str(today())}


def at_desk(user: User) -> Client:
    """A browser of somebody who signed in eleven minutes ago."""
    browser = Client()
    browser.force_login(user)
    browser.get("/account/sessions/")
    age_session(browser, since=timedelta(minutes=11))
    return browser


def a_proposal(ground: Ground) -> PostProposal:
    entry = PostEntry(ground.justice_bureau.pk, Role.LEADER, today())
    given = people.give_post(ground.handler, entry, actor=ground.system_admin)
    assert isinstance(given, PostProposal)
    return given


def a_people_table(ground: Ground) -> Job:
    return checked(a_table(a_row(1)), ground.system_admin, "people")


def a_sheet(ground: Ground) -> str:
    actions.register_case(an_entry(), actor=ground.clerk)
    request = actions.receive_data_request(
        kind="access", reason="本人查询", paper_number="152327196503152419", identity_checked=True,
        centre=ground.county_centre, actor=ground.clerk,
    )  # fmt: skip
    return f"/personal/{request.uid}/"


TRIES: dict[str, Try] = {
    "account": lambda g: (g.system_admin, "/grids/staff/new/", {"name": "新人", "username": "xinren", **POST}),
    "post": lambda g: (g.system_admin, f"/grids/staff/{g.handler.pk}/post/", POST),
    "end of a post": lambda g: (
        g.system_admin, f"/grids/staff/posts/{Posting.objects.get(user=g.handler).pk}/end/", {"ends_on": str(today())}
    ),
    "handing over": lambda g: (g.system_admin, f"/grids/staff/{g.handler.pk}/hand-over/", {"reason": "调离"}),
    "confirmation": lambda g: (g.security_admin, f"/grids/post-reviews/{a_proposal(g).pk}/confirm/", {}),
    "table of people": lambda g: (
        g.system_admin, f"/grids/tables/{a_people_table(g).uid}/confirm/", {"mode": "all"}
    ),
    "slips": lambda g: (g.system_admin, "/grids/staff/slips/", {}),
    "sheet": lambda g: (g.clerk, a_sheet(g), None),
    "sheet printed": lambda g: (g.clerk, f"{a_sheet(g)}print/", None),
    "sheet as a file": lambda g: (g.clerk, f"{a_sheet(g)}docx/", None),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(TRIES))
def test_nothing_is_done_before_the_person_showed_again_who_they_are(what: str, ground: Ground) -> None:
    person, address, sent = TRIES[what](ground)
    browser = at_desk(person)
    before = (Posting.objects.count(), User.objects.count(), TrailEntry.objects.count())
    answer = browser.get(address) if sent is None else browser.post(address, sent)
    if sent is None:
        assert answer.status_code == 302 and answer["Location"].startswith("/account/confirm/")
    else:
        assert answer.status_code == 403 and "identity_secret" in answer.content.decode()
    assert (Posting.objects.count(), User.objects.count(), TrailEntry.objects.count()) == before


def look_often(ground: Ground, case: Case) -> None:
    with transaction.atomic():
        for _ in range(BULK):
            record(ground.clerk, Verb.REVEALED, case, party=1, reason="核对")


@pytest.mark.parametrize("by_api", [False, True])
def test_the_eleventh_number_within_an_hour_asks_again_on_pages_and_api_alike(by_api: bool, ground: Ground) -> None:
    case = actions.register_case(an_entry(), actor=ground.clerk)
    party = case.parties.first()
    assert party is not None
    root = f"/api/v1/cases/{case.code}" if by_api else f"/cases/{case.code}"
    address, browser = f"{root}/parties/{party.uid}/reveal/", at_desk(ground.clerk)
    sent = {"purpose": "contact", "reason": "电话联系当事人"}
    how = {"content_type": "application/json"} if by_api else {}
    assert browser.post(address, sent, **how).status_code == 200
    look_often(ground, case)
    assert browser.post(address, sent, **how).status_code == 403
    assert TrailEntry.objects.filter(verb=Verb.REVEALED).count() == BULK + 1


def test_a_table_of_people_over_rest_asks_the_session_of_a_browser_too(ground: Ground) -> None:
    check = a_people_table(ground)
    answer = at_desk(ground.system_admin).post(f"/api/v1/tables/{check.uid}/confirm/", {"mode": "all"})
    assert (answer.status_code, answer.json()["code"]) == (403, "recent_authentication_required")
    check.refresh_from_db()
    assert "write" not in check.result
