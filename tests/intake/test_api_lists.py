"""What every list and every answer tells: the next page in a header too, how many in all when asked, what is left."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from intake.models import CaseChange
from intake.queries import cases_for_list, changed_since
from tests.browsing import signed_in
from tests.intake import ways
from tests.intake.api import as_person, as_system, problem_of
from tests.people import Ground
from zhongzhi.accounts.models import ApiClient

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"


def test_the_next_page_stands_in_a_link_header_and_the_number_of_all_is_told_when_asked(ground: Ground) -> None:
    codes = {str(ways.registered(ground).code) for _ in range(3)}
    clerk = as_person(ground.clerk)
    first = clerk.get(f"{CASES}?limit=2&total=1")
    assert first.json()["total"] == 3
    assert first["Link"] == f'<{first.json()["next"]}>; rel="next"'
    last = clerk.get(first.json()["next"])
    assert "Link" not in last
    assert {row["code"] for page in (first, last) for row in page.json()["results"]} == codes
    assert "total" not in clerk.get(CASES).json()
    assert problem_of(clerk.get(f"{CASES}?total=yes")) == (400, "invalid", ["total"])


def test_what_is_left_is_told_with_refusals_too(ground: Ground) -> None:
    system = as_system(ground, "cases:read")
    refused = system.get("/api/v1/statistics/")
    assert (refused.status_code, "RateLimit-Remaining" in refused) == (403, True)
    unknown = APIClient()
    unknown.credentials(HTTP_AUTHORIZATION="Bearer zz_none_none")
    before = unknown.get(CASES)
    assert (before.status_code, before["RateLimit-Limit"]) == (401, "1200")
    assert int(unknown.get(CASES)["RateLimit-Remaining"]) < int(before["RateLimit-Remaining"])


def test_calls_and_errors_of_the_last_days_stand_on_the_page_of_the_system(ground: Ground) -> None:
    system = as_system(ground, "cases:read")
    for path in (CASES, CASES, "/api/v1/statistics/"):
        system.get(path)
    page = signed_in(ground.system_admin).get(f"/system/clients/{ApiClient.objects.get().pk}/")
    (line,) = page.context["calls"]
    assert (line.calls, line.refused, line.failed) == (3, 1, 0)


def test_the_feed_tells_the_whole_case_when_asked_without_names(ground: Ground) -> None:
    case = ways.registered(ground)
    system = as_system(ground, "changes:read", "cases:read")
    (thin,) = _entries(system, "")
    assert (thin["case"]["code"], thin["full"]) == (case.code, None)
    (entry,) = _entries(system, "?full=1")
    assert entry["full"] == system.get(f"{CASES}{case.code}/").json()
    assert "岳某某" not in str(entry)
    assert problem_of(system.get("/api/v1/changes/?full=2"))[0] == 400


def test_the_whole_case_needs_the_scope_for_cases(ground: Ground) -> None:
    ways.registered(ground)
    answer = as_system(ground, "changes:read").get("/api/v1/changes/?full=1")
    assert problem_of(answer)[:2] == (403, "scope_missing")


def _entries(system: APIClient, query: str) -> list[dict[str, Any]]:
    """Those of the feed that was written and is waiting: the test's own transaction counts as ended."""
    CaseChange.objects.filter(xid__gt=100).update(xid=1)
    found: list[dict[str, Any]] = system.get(f"/api/v1/changes/{query}").json()["results"]
    return found


def test_what_changed_since_a_moment_is_told_by_the_feed_s_own_lines(ground: Ground) -> None:
    before, after = ways.registered(ground), ways.registered(ground)
    moment = timezone.now() - timedelta(hours=1)
    CaseChange.objects.filter(case=before).update(at=moment - timedelta(seconds=1))
    CaseChange.objects.filter(case=after).update(at=moment)
    told = as_person(ground.clerk).get(CASES, {"updated_since": moment.isoformat()}).json()["results"]
    assert [row["code"] for row in told] == [after.code]
    later = (moment + timedelta(seconds=1)).isoformat()
    assert as_person(ground.clerk).get(CASES, {"updated_since": later}).json()["results"] == []


@pytest.mark.parametrize("value", ["", "x", "2026-11-29", "2026-11-29T08:00:00", "1800-01-01T00:00:00Z", "²"])
def test_a_moment_that_is_none_or_has_no_offset_is_refused_by_its_name(value: str, ground: Ground) -> None:
    answer = as_person(ground.clerk).get(CASES, {"updated_since": value})
    assert problem_of(answer) == (400, "invalid", ["updated_since"])


def test_what_changed_since_a_moment_is_read_along_an_index(ground: Ground) -> None:
    ways.registered(ground)
    rows = cases_for_list(ground.clerk).filter(pk__in=changed_since(timezone.now())).order_by("-id")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "case_change_at" in rows.values("pk")[:50].explain()
