"""Who sees a warning and what of it: by place and matter, names never in its words, restricted cases by number."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from early_warning.models import RuleKind, Warning
from early_warning.queries import file_of, views_of, warning_visible_to, warnings_visible_to
from intake.models import Case, CaseReader
from tests.early_warning.ways import quarrel, raised, swept, three_quarrels
from tests.grids.test_hazards import found as reported
from tests.intake import ways
from tests.people import Ground
from tests.who import who
from zhongzhi.core.errors import NotFound

pytestmark = pytest.mark.django_db
K = RuleKind


def sees(user: Any, warning: Warning) -> bool:
    return warnings_visible_to(user).filter(pk=warning.pk).exists()


def test_those_over_the_place_see_it_and_nobody_else(ground: Ground) -> None:
    swept(*three_quarrels(ground))
    warning = raised(K.SAME_SIDES)
    assert who(ground, lambda user: sees(user, warning)) == {
        "dispatcher", "manager", "leader", "town_dispatcher", "town_manager", "village_manager",
    }  # fmt: skip


def test_the_grid_worker_sees_what_stands_on_the_own_reports(ground: Ground) -> None:
    reported(ground, narrative="扬言放火")
    assert sees(ground.grid_worker, raised(K.DANGER_WORDS))


def test_the_sentence_names_nobody(ground: Ground) -> None:
    swept(*three_quarrels(ground))
    view = views_of(ground.manager, [raised(K.SAME_SIDES)])[0]
    assert view.sentence == "同一双方 180 天内第 3 次（案件 3），一次比一次重"
    assert len(view.lines) == 3


def test_of_a_restricted_case_nobody_else_learns_and_who_is_named_reads_its_number(ground: Ground) -> None:
    case = ways.registered(ground, narrative="扬言放火", title="放火的事")
    warning = raised(K.DANGER_WORDS)
    Case.objects.filter(pk=case.pk).update(is_restricted=True)
    assert who(ground, lambda user: sees(user, warning)) == set()
    CaseReader.objects.create(case=case, user=ground.manager, named_at=timezone.now())
    line = file_of(ground.manager, warning).view.lines[0]
    assert (line.label, line.title) == (case.code, "")


def test_what_is_out_of_sight_is_counted_and_a_complaint_is_not(ground: Ground) -> None:
    three = three_quarrels(ground)
    swept(*three)
    warning = raised(K.SAME_SIDES)
    Case.objects.filter(pk=three[0].pk).update(
        territory=ground.places["150526100001"], centre=ground.lubei_centre, holder=ground.lubei_centre
    )
    view = views_of(ground.village_manager, [warning])[0]
    assert (len(view.lines), view.hidden) == (2, 1)
    three[0].parties.filter(side="respondent").update(role="accused", works_at=ground.village_centre)
    assert views_of(ground.village_manager, [warning])[0].hidden == 0


def test_a_list_costs_the_same_for_one_and_for_many(ground: Ground) -> None:
    client = Client()
    client.force_login(ground.manager)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get("/warnings/").status_code == 200
        return len(asked.captured_queries)

    ways.registered(ground, narrative="扬言放火")
    cost()
    few = cost()
    for _ in range(4):
        ways.registered(ground, narrative="扬言放火")
    assert cost() == few <= 40


def test_page_and_panel_show_it_and_an_act_leads_back(ground: Ground, client: Client) -> None:
    case = ways.registered(ground, narrative="扬言放火")
    warning = raised(K.DANGER_WORDS)
    client.force_login(ground.town_manager)
    assert "提到纵火爆炸" in client.get("/warnings/").content.decode()
    page = client.get(f"/warnings/{warning.uid}/").content.decode()
    assert str(case.code) in page
    assert "属实，跟踪" in page
    answer = client.post(f"/warnings/{warning.uid}/dismiss/", {"reason": ""})
    assert answer.status_code == 422
    answer = client.post(f"/warnings/{warning.uid}/visit/", {"household": "岳家"}, follow=True)
    assert "已安排走访" in answer.content.decode()
    client.force_login(ground.dispatcher)
    assert "/warnings/" in client.get(f"/cases/{case.code}/").content.decode()
    assert client.get("/warnings/?status=open&level=red").status_code == 200


def test_the_api_reads_and_acts_by_the_same_rules(ground: Ground, client: Client) -> None:
    ways.registered(ground, narrative="扬言放火")
    warning = raised(K.DANGER_WORDS)
    client.force_login(ground.manager)
    row = client.get("/api/v1/warnings/").json()["results"][0]
    assert (row["uid"], row["sentence"], len(row["evidence"])) == (str(warning.uid), "提到纵火爆炸", 1)
    path = f"/api/v1/warnings/{warning.uid}/"
    assert "confirm" in client.get(path).json()["acts"]
    answer = client.post(f"{path}dismiss/", {}, content_type="application/json")
    assert (answer.status_code, "reason" in answer.json()["errors"]) == (422, True)
    answer = client.post(f"{path}confirm/", {"reason": "是"}, content_type="application/json")
    assert (answer.status_code, answer.json()["status"]) == (200, "confirmed")
    client.force_login(ground.stranger)
    assert client.get(path).status_code == 404


def test_out_of_sight_is_not_found(ground: Ground) -> None:
    swept(quarrel(ground), *three_quarrels(ground))
    with pytest.raises(NotFound):
        warning_visible_to(ground.stranger, raised(K.SAME_SIDES).uid)
