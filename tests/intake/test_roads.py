"""Cases led to court, arbitration or reconsideration stay on a list until that road has its result."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake import actions, queries
from intake.actions import Report
from intake.models import Case, RoadCorrection, RoadTaken
from tests.intake import ways
from tests.intake.api import address, as_person, problem_of
from tests.people import Ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.ciphers import sm3
from zhongzhi.core.errors import (
    BadInput,
    DomainError,
    InvalidTransition,
    PermissionDenied,
    RuleViolation,
    VersionConflict,
)

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
    assert "民初12号" in queries.timeline_of(case)[-1].reason


def test_who_led_it_there_records_the_result_too_and_others_do_not(ground: Ground) -> None:
    for person in (ground.other_handler, ground.stranger, ground.leader, ground.auditor):
        with pytest.raises(PermissionDenied):
            ended(led(ground), ground, actor=person)
    assert not RoadTaken.objects.filter(ended_on__isnull=False).exists()
    assert ended(Case.objects.earliest("pk"), ground, actor=ground.handler).ended_on


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"road": "arbitration"}, RuleViolation, "road"),
        ({"road": "x"}, RuleViolation, "road"),
        ({"result": "  "}, BadInput, "result"),
        ({"number": "号" * 81}, BadInput, "number"),
        ({"ended_on": timezone.localdate() + timedelta(days=2)}, RuleViolation, "ended_on"),
        ({"ended_on": timezone.localdate() - timedelta(days=2)}, RuleViolation, "ended_on"),
    ],
)
def test_a_result_is_checked(changes: dict[str, Any], error: type[DomainError], field: str, ground: Ground) -> None:
    case = led(ground)
    with pytest.raises(error) as refused:
        ended(case, ground, **changes)
    assert refused.value.field == field
    assert waiting(ground) == [case]


def test_a_case_that_waits_for_nothing_has_no_result_to_record(ground: Ground) -> None:
    with pytest.raises(InvalidTransition):
        ended(ways.concluded(ground), ground)
    case = led(ground)
    ended(case, ground)
    with pytest.raises(InvalidTransition):
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


def corrected(case: Case, ground: Ground, **changes: Any) -> RoadTaken:
    values: dict[str, Any] = {
        "row": RoadTaken.objects.get(case=case).pk,
        "ended_on": timezone.localdate(),
        "result": "判决返还土地五垄",
        "number": "（2026）内0526民初12号",
        "reason": "垄数抄错",
    }
    return actions.correct_road_result(case, **({"actor": ground.clerk} | values | changes))


@pytest.mark.parametrize("who", ["clerk", "handler", "manager"])
def test_a_result_is_corrected_by_who_may_record_it_and_what_it_said_is_kept(who: str, ground: Ground) -> None:
    case = led(ground)
    ended(case, ground)
    row = corrected(case, ground, actor=getattr(ground, who))
    row.refresh_from_db()
    assert (row.result, row.recorded_by, row.is_open) == ("判决返还土地五垄", getattr(ground, who), False)
    old = row.corrections.get()
    assert (old.result, old.number, old.recorded_by) == ("判决返还土地三垄", "（2026）内0526民初12号", ground.clerk)
    assert (old.reason, old.actor) == ("垄数抄错", getattr(ground, who))
    entry = trail_of(case).last()
    assert (entry.verb, entry.facts["fields"], entry.facts["row"]) == ("road_result_corrected", ["result"], row.pk)
    before = f"{old.ended_on}\n{old.number}\n{old.result}"
    assert entry.facts["before"] == sm3(before.encode())
    assert "垄" not in str(entry.facts)


def test_the_story_tells_the_first_result_and_each_correction(ground: Ground) -> None:
    case = led(ground)
    ended(case, ground)
    corrected(case, ground)
    corrected(case, ground, result="判决返还土地四垄", reason="又抄错", actor=ground.handler)
    steps = [s for s in queries.timeline_of(case) if s.event.startswith("road_")]
    assert [(s.event, s.actor) for s in steps] == [
        ("road_ended", ground.clerk.name),
        ("road_corrected", ground.clerk.name),
        ("road_corrected", ground.handler.name),
    ]
    for step, word in zip(steps, ("三垄", "五垄", "四垄"), strict=True):
        assert word in step.reason
    assert steps[2].reason.endswith("更正理由：又抄错")


def test_others_do_not_correct_a_result(ground: Ground) -> None:
    case = led(ground)
    ended(case, ground)
    for person in (ground.other_handler, ground.stranger, ground.leader, ground.auditor):
        with pytest.raises(PermissionDenied):
            corrected(case, ground, actor=person)
    assert not RoadCorrection.objects.exists()


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"row": 0}, RuleViolation, "row"),
        ({"reason": "  "}, BadInput, "reason"),
        ({"reason": "理" * 1001}, BadInput, "reason"),
        ({"result": ""}, BadInput, "result"),
        ({"result": "判决返还土地三垄"}, RuleViolation, "result"),
        ({"number": "号" * 81}, BadInput, "number"),
        ({"ended_on": timezone.localdate() + timedelta(days=2)}, RuleViolation, "ended_on"),
        ({"ended_on": timezone.localdate() - timedelta(days=2)}, RuleViolation, "ended_on"),
    ],
)
def test_a_correction_is_checked(changes: dict[str, Any], error: type[DomainError], field: str, ground: Ground) -> None:
    case = led(ground)
    ended(case, ground)
    with pytest.raises(error) as refused:
        corrected(case, ground, **changes)
    assert refused.value.field == field
    assert (RoadTaken.objects.get().result, RoadCorrection.objects.count()) == ("判决返还土地三垄", 0)
    assert trail_of(case).last().verb == "road_ended"


def test_what_has_no_result_is_not_corrected_and_a_second_press_changes_nothing(ground: Ground) -> None:
    case = led(ground)
    with pytest.raises(InvalidTransition):
        corrected(case, ground)
    case.refresh_from_db()
    ended(case, ground)
    seen = Case.objects.get(pk=case.pk).version
    corrected(case, ground, version=seen)
    with pytest.raises(VersionConflict):
        corrected(case, ground, version=seen)
    with pytest.raises(RuleViolation, match="相同"):
        corrected(case, ground)
    assert RoadCorrection.objects.count() == 1


def test_the_road_of_another_case_is_not_corrected_through_ones_own(ground: Ground) -> None:
    case, other = led(ground), led(ground)
    ended(case, ground)
    ended(other, ground)
    with pytest.raises(RuleViolation) as refused:
        corrected(case, ground, row=RoadTaken.objects.get(case=other).pk)
    assert refused.value.field == "row"


def test_what_a_result_said_before_is_never_changed_or_deleted(ground: Ground) -> None:
    case = led(ground)
    ended(case, ground)
    corrected(case, ground)
    for change in (lambda: RoadCorrection.objects.update(result="x"), lambda: RoadCorrection.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_the_page_corrects_a_result_and_shows_what_it_said(ground: Ground) -> None:
    case = actions.close_case(led(ground), actor=ground.dispatcher)
    ended(case, ground)
    client = Client()
    client.force_login(ground.clerk)
    path = f"/cases/{case.code}/acts/correct-road-result/"
    dialog = client.get(path).content.decode()
    assert "判决返还土地三垄" in dialog
    assert "更正理由" in dialog
    row, day = RoadTaken.objects.get().pk, timezone.localdate().isoformat()
    typed = {"row": row, "ended_on": day, "result": "判决返还土地五垄", "number": "", "reason": ""}
    assert client.post(path, typed).status_code == 422
    done = client.post(path, typed | {"reason": "垄数抄错"})
    assert done.headers["HX-Redirect"] == f"/cases/{case.code}/"
    page = client.get(f"/cases/{case.code}/").content.decode()
    assert "更正：垄数抄错；原为" in page
    assert "判决返还土地三垄" in page
    reader = Client()
    reader.force_login(ground.leader)
    assert "correct-road-result" not in reader.get(f"/cases/{case.code}/").content.decode()


def test_the_api_corrects_a_result(ground: Ground) -> None:
    case, client = led(ground), as_person(ground.clerk)
    assert "correct-road-result" not in client.get(address(case)).json()["acts"]
    ended(case, ground)
    shown = client.get(address(case)).json()
    assert "correct-road-result" in shown["acts"]
    given = {
        "row": shown["roads"][0]["id"],
        "ended_on": timezone.localdate().isoformat(),
        "result": "判决返还土地五垄",
        "reason": "垄数抄错",
    }
    path = address(case, "correct-road-result")
    assert problem_of(client.post(path, given | {"reason": ""}, format="json"))[0] == 400
    answer = client.post(path, given, format="json").json()
    road = answer["roads"][0]
    assert (road["result"], road["number"]) == ("判决返还土地五垄", "")
    assert [(old["result"], old["reason"]) for old in road["corrections"]] == [("判决返还土地三垄", "垄数抄错")]
    assert problem_of(client.post(path, given, format="json"))[0] == 422
    leader = as_person(ground.leader).post(path, given | {"result": "别的"}, format="json")
    assert problem_of(leader)[0] == 403


def test_the_page_of_a_case_reads_all_corrections_at_once(ground: Ground) -> None:
    case = led(ground)
    ended(case, ground)
    corrected(case, ground)
    client = Client()
    client.force_login(ground.clerk)
    client.get(f"/cases/{case.code}/")
    counts = []
    for result in ("甲", "乙", "丙"):
        with CaptureQueriesContext(connection) as found:
            client.get(f"/cases/{case.code}/")
        counts.append(len(found))
        corrected(case, ground, result=result)
    assert len(set(counts)) == 1
