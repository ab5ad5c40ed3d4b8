"""Cases led to court, arbitration or reconsideration stay on a list until that road has its result."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake import actions, queries
from intake.actions import Report
from intake.models import Case, RoadTaken
from tests.intake import ways
from tests.intake.api import address, as_person, problem_of
from tests.people import Ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import BadInput, DomainError, Refused, RuleBroken, WrongState

pytestmark = pytest.mark.django_db


def led(ground: Ground, road: str = "litigation") -> Case:
    """A case that its handler could not settle, led to a road."""
    case = ways.handling(ground)
    report = Report("unresolved", "多次调解未成，当事人起诉。", road)
    return actions.report_outcome(case, report, actor=ground.handler)


def ended(case: Case, ground: Ground, **changes: Any) -> RoadTaken:
    values: dict[str, Any] = {
        "road": "litigation",
        "ended_on": timezone.localdate(),
        "result": "判决返还土地三垄",
        "number": "（2026）内0526民初12号",
    }
    return actions.record_road_result(case, **({"actor": ground.clerk} | values | changes))


def waiting(ground: Ground) -> list[Case]:
    return list(queries.cases_on_open_roads(ground.manager))


def test_a_case_waits_for_its_road_until_the_result_is_recorded(ground: Ground) -> None:
    ways.closed(ground)
    case = led(ground)
    assert waiting(ground) == [case]
    row = ended(actions.close_case(case, actor=ground.dispatcher), ground)
    assert waiting(ground) == []
    assert (row.led_by, row.recorded_by, row.is_open) == (ground.justice_bureau, ground.clerk, False)
    assert trail_of(case).last().verb == "road_ended"
    assert "民初12号" in queries.story_of(case)[-1].reason


def test_who_led_it_there_records_the_result_too_and_others_do_not(ground: Ground) -> None:
    for person in (ground.other_handler, ground.stranger, ground.leader, ground.auditor):
        with pytest.raises(Refused):
            ended(led(ground), ground, actor=person)
    assert not RoadTaken.objects.filter(ended_on__isnull=False).exists()
    assert ended(Case.objects.earliest("pk"), ground, actor=ground.handler).ended_on


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"road": "arbitration"}, RuleBroken, "road"),
        ({"road": "x"}, RuleBroken, "road"),
        ({"result": "  "}, BadInput, "result"),
        ({"number": "号" * 81}, BadInput, "number"),
        ({"ended_on": timezone.localdate() + timedelta(days=2)}, RuleBroken, "ended_on"),
        ({"ended_on": timezone.localdate() - timedelta(days=2)}, RuleBroken, "ended_on"),
    ],
)
def test_a_result_is_checked(changes: dict[str, Any], error: type[DomainError], field: str, ground: Ground) -> None:
    case = led(ground)
    with pytest.raises(error) as refused:
        ended(case, ground, **changes)
    assert refused.value.field == field
    assert waiting(ground) == [case]


def test_a_case_that_waits_for_nothing_has_no_result_to_record(ground: Ground) -> None:
    with pytest.raises(WrongState):
        ended(ways.concluded(ground), ground)
    case = led(ground)
    ended(case, ground)
    with pytest.raises(WrongState):
        ended(case, ground)


def test_a_case_taken_up_again_waits_no_more_and_may_be_led_there_again(ground: Ground) -> None:
    case = actions.send_back(led(ground), actor=ground.dispatcher, reason="再调一次")
    assert (waiting(ground), case.road) == ([], "")
    assert RoadTaken.objects.get().dropped_at is not None
    actions.report_outcome(case, Report("unresolved", "仍未成", "arbitration"), actor=ground.handler)
    assert [row.road for row in queries.open_roads_of(case)] == ["arbitration"]


def test_the_page_lists_those_that_wait_and_takes_the_result(ground: Ground) -> None:
    case = actions.close_case(led(ground), actor=ground.dispatcher)
    client = Client()
    client.force_login(ground.clerk)
    page = client.get("/cases/roads/").content.decode()
    assert case.code in page
    assert "诉讼" in page
    path = f"/cases/{case.code}/acts/road-result/?back=roads"
    assert "登记途径结果" in client.get(path).content.decode()
    day = timezone.localdate().isoformat()
    refused = client.post(path, {"road": "litigation", "ended_on": day, "result": ""})
    assert refused.status_code == 422
    done = client.post(path, {"road": "litigation", "ended_on": day, "result": "调解书", "number": ""})
    assert done.headers["HX-Redirect"] == "/cases/roads/"
    assert "没有等待结果的法律途径" in client.get("/cases/roads/").content.decode()
    assert "调解书" in client.get(f"/cases/{case.code}/").content.decode()
    reader = Client()
    reader.force_login(ground.leader)
    led(ground)
    assert "登记结果" not in reader.get("/cases/roads/").content.decode()


def test_queries_of_the_page_do_not_grow(ground: Ground) -> None:
    client = Client()
    client.force_login(ground.manager)
    counts = []
    led(ground)
    client.get("/cases/roads/")
    for _ in range(2):
        with CaptureQueriesContext(connection) as found:
            client.get("/cases/roads/")
        counts.append(len(found))
        led(ground)
        led(ground, "arbitration")
    assert counts[0] == counts[1]


def test_the_api_filters_shows_and_records(ground: Ground) -> None:
    case, settled = led(ground), ways.concluded(ground)
    client = as_person(ground.clerk)
    codes = lambda query: [row["code"] for row in client.get(f"/api/v1/cases/?{query}").json()["results"]]  # noqa: E731
    assert codes("road_open=true") == [case.code]
    assert codes("road_open=false") == [settled.code]
    assert codes("road=litigation") == [case.code]
    assert client.get("/api/v1/cases/?road_open=x").status_code == 400
    assert "road-result" in client.get(address(case)).json()["acts"]
    given = {"road": "litigation", "ended_on": timezone.localdate().isoformat(), "result": "判决"}
    assert problem_of(client.post(address(case, "road-result"), given | {"result": ""}, format="json"))[0] == 400
    answer = client.post(address(case, "road-result"), given, format="json").json()
    assert [(r["road"], r["result"], r["dropped_at"]) for r in answer["roads"]] == [("litigation", "判决", None)]
    assert "road-result" not in answer["acts"]
    assert codes("road_open=true") == []
    assert problem_of(client.post(address(case, "road-result"), given, format="json"))[0] == 409
