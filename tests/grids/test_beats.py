"""Police beats: a grid lies in one at a time, what was before is kept; pages and REST do the same acts."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grids import queries
from grids.actions import change_beat, end_beat, merge_villages, open_beat, replace_officer
from grids.entries import PersonEntry
from grids.models import Beat, BeatGrid, RosterPerson, Service, Territory
from grids.scope import scope_of
from tests.days import today
from tests.grids.field import GRID, OTHER_GRID, OTHER_VILLAGE, VILLAGE, an_officer
from tests.intake.api import as_person, as_system, problem_of
from tests.people import STARTS, Ground
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import InvalidTransition, NotFound, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def a_beat(ground: Ground, *codes: str, name: str = "第1警格", starts_on: date = STARTS) -> Beat:
    grids = [ground.places[code] for code in codes]
    return open_beat(ground.juri_police, name, grids, actor=ground.town_manager, starts_on=starts_on)


def covered(beat: Beat) -> list[str]:
    return [grid.code for grid in queries.beat_lines([beat])[0].grids]


def test_a_beat_is_opened_over_grids_and_each_grid_knows_its_officer(ground: Ground) -> None:
    beat = a_beat(ground, GRID, OTHER_GRID)
    officer = replace_officer(beat, PersonEntry("乌力吉"), actor=ground.town_manager, starts_on=today())
    assert covered(beat) == [GRID, OTHER_GRID]
    assert officer in queries.services_at(ground.places[GRID])
    assert TrailEntry.objects.get(verb="beat_opened").facts["grids"] == [GRID, OTHER_GRID]


def test_a_grid_lies_in_one_beat_at_a_time_and_is_taken_over_only_when_asked(ground: Ground) -> None:
    first = a_beat(ground, GRID, OTHER_GRID)
    with pytest.raises(RuleViolation, match="属于巨日合镇派出所“第1警格”") as refused:
        a_beat(ground, GRID, name="第2警格", starts_on=today())
    assert refused.value.field == "grids"
    assert Beat.objects.count() == 1
    grids = [ground.places[GRID]]
    second = open_beat(ground.juri_police, "第2警格", grids, actor=ground.town_manager, takes_over=True)
    assert (covered(first), covered(second)) == ([OTHER_GRID], [GRID])
    assert BeatGrid.objects.get(beat=first, territory__code=GRID).ends_on == today()
    assert {e.facts.get("removed", [None])[0] for e in TrailEntry.objects.filter(verb="beat_changed")} == {GRID}


def test_a_change_counts_from_its_day_and_the_history_stays(ground: Ground) -> None:
    beat = a_beat(ground, GRID)
    change_beat(beat, actor=ground.manager, name="河东警格", grids=[ground.places[OTHER_GRID]])
    assert covered(beat) == [OTHER_GRID]
    history = [(row.territory.code, row.starts_on, row.ends_on) for row in queries.coverage_history(beat)]
    assert history == [(OTHER_GRID, today(), None), (GRID, STARTS, today())]
    change_beat(beat, actor=ground.manager, name="河东警格", grids=[])
    assert queries.coverage_history(beat).count() == 1, "what began and ended on one day never was"
    later = today() + DAY
    change_beat(beat, actor=ground.manager, name="河东警格", grids=[ground.places[GRID]], from_day=later)
    assert covered(beat) == []
    assert queries.coverage_history(beat).first().starts_on == later


def test_the_officers_area_follows_the_beat(ground: Ground) -> None:
    user = an_officer(ground)
    beat = Beat.objects.get()
    assert scope_of(user).areas == (GRID,)
    change_beat(beat, actor=ground.town_manager, name=beat.name, grids=[ground.places[OTHER_GRID]])
    del user._scope
    assert scope_of(user).areas == (OTHER_GRID,)


def test_an_officer_is_followed_by_the_next_on_the_day(ground: Ground) -> None:
    beat = a_beat(ground, GRID)
    old = replace_officer(beat, PersonEntry("乌力吉"), actor=ground.town_manager, starts_on=today() - DAY)
    with pytest.raises(RuleViolation, match="已是该警格的包片民警"):
        replace_officer(beat, old.person, actor=ground.town_manager, starts_on=today())
    with pytest.raises(RuleViolation, match="离任日期应晚于任职日期"):
        replace_officer(beat, PersonEntry("朝鲁"), actor=ground.town_manager, starts_on=today() - DAY)
    new = replace_officer(beat, PersonEntry("朝鲁"), actor=ground.town_manager, starts_on=today())
    old.refresh_from_db()
    assert (old.ends_on, new.starts_on) == (today(), today())
    assert [s.person.name for s in queries.officers_of(beat)] == ["朝鲁", "乌力吉"]
    assert list(queries.people_of_station(ground.juri_police)) == [old.person, new.person]
    back = replace_officer(
        a_beat(ground, OTHER_GRID, name="第2警格"), old.person, actor=ground.manager, starts_on=today()
    )
    assert (back.person, RosterPerson.objects.count()) == (old.person, 2)


def test_the_end_of_a_beat_frees_its_grids_and_ends_who_serves_on_it(ground: Ground) -> None:
    beat = a_beat(ground, GRID)
    officer = replace_officer(beat, PersonEntry("乌力吉"), actor=ground.manager, starts_on=today() - DAY)
    with pytest.raises(RuleViolation, match="停用日期应晚于这一天"):
        end_beat(beat, actor=ground.manager, ends_on=today() - DAY)
    with pytest.raises(RuleViolation, match="停用日期应晚于启用日期"):
        end_beat(beat, actor=ground.manager, ends_on=STARTS)
    end_beat(beat, actor=ground.manager, ends_on=today(), reason="警务区合并")
    officer.refresh_from_db()
    assert (officer.ends_on, officer.end_reason) == (today(), "警务区合并")
    with pytest.raises(InvalidTransition, match="已于"):
        change_beat(beat, actor=ground.manager, name="x", grids=[])
    assert covered(a_beat(ground, GRID, name="第1警格", starts_on=today())) == [GRID]


@pytest.mark.parametrize("who", ["clerk", "handler", "leader", "grid_worker", "stranger", "village_manager"])
def test_only_keepers_above_the_station_make_beats(who: str, ground: Ground) -> None:
    actor = ground.people[who]
    beat = a_beat(ground, GRID)
    for act in (
        lambda: open_beat(ground.juri_police, "第9警格", [], actor=actor),
        lambda: change_beat(beat, actor=actor, name="x", grids=[]),
        lambda: end_beat(beat, actor=actor, ends_on=today()),
        lambda: replace_officer(beat, PersonEntry("甲"), actor=actor, starts_on=today()),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert covered(beat) == [GRID]


def test_what_is_no_grid_of_ones_own_is_refused_at_its_field(ground: Ground) -> None:
    with pytest.raises(RuleViolation, match="不是网格"):
        a_beat(ground, VILLAGE)
    lubei = Territory.objects.create(
        code="150526100001001", name="第1网格", full_name="南环第1网格", parent=ground.places["150526100001"],
        starts_on=STARTS,
    )  # fmt: skip
    with pytest.raises(RuleViolation, match="不在您维护的范围内"):
        open_beat(ground.juri_police, "x", [lubei], actor=ground.town_manager)
    with pytest.raises(RuleViolation, match="不能更早划入"):
        a_beat(ground, GRID, starts_on=STARTS - DAY)
    with pytest.raises(PermissionDenied):
        open_beat(ground.juri_justice, "司法所没有警格", [], actor=ground.manager)
    a_beat(ground)
    with pytest.raises(RuleViolation, match="已有名为“第1警格”") as refused:
        a_beat(ground)
    assert refused.value.field == "name"


def test_a_beat_is_seen_where_it_lies(ground: Ground) -> None:
    officer = an_officer(ground)
    beat = Beat.objects.get()
    for who in (ground.manager, ground.town_manager, ground.clerk, ground.village_manager, ground.grid_worker, officer):
        assert queries.beat_visible_to(who, beat.pk) == beat
    for who in (ground.stranger, ground.handler, ground.auditor):
        with pytest.raises(NotFound):
            queries.beat_visible_to(who, beat.pk)


def test_a_merger_takes_todays_coverage_and_its_end_along(ground: Ground) -> None:
    beat = a_beat(ground, name="今天", starts_on=today())
    change_beat(beat, actor=ground.manager, name="今天", grids=[ground.places[OTHER_GRID]])
    source = ground.places[OTHER_VILLAGE]
    merge_villages([source], ground.places[VILLAGE], actor=ground.manager, basis="旗政发〔2026〕1号")
    assert covered(beat) == [f"{VILLAGE}002"]
    assert not BeatGrid.objects.filter(territory__code=OTHER_GRID).exists()


def test_the_pages_open_change_name_and_end(ground: Ground) -> None:
    client = Client()
    client.force_login(ground.town_manager)
    station = ground.juri_police.pk
    page = client.get(f"/grids/beats/new/?station={station}").content.decode()
    assert "第1网格" in page
    answer = client.post(
        f"/grids/beats/new/?station={station}", {"name": "第1警格", "from_day": today(), "grids": [GRID]}
    )
    beat = Beat.objects.get()
    assert answer.headers["Location"] == f"/grids/beats/{beat.pk}/"
    assert "未指定" in client.get("/grids/beats/").content.decode()
    named = client.post(f"/grids/beats/{beat.pk}/officer/", {"name": "乌力吉", "starts_on": today()})
    assert (named.status_code, Service.objects.get().beat) == (200, beat)
    empty = client.post(f"/grids/beats/{beat.pk}/officer/", {"starts_on": today()})
    assert (empty.status_code, "填写姓名新登记" in empty.content.decode()) == (422, True)
    client.post(
        f"/grids/beats/{beat.pk}/change/", {"name": "河东警格", "from_day": today(), "grids": [GRID, OTHER_GRID]}
    )
    assert "河东警格" in client.get(f"/grids/beats/{beat.pk}/").content.decode()
    twice = client.post(f"/grids/beats/new/?station={station}", {"name": "x", "from_day": today(), "grids": [GRID]})
    assert (twice.status_code, "从原警格划入" in twice.content.decode()) == (422, True)
    ended = client.post(f"/grids/beats/{beat.pk}/end/", {"ends_on": today() + DAY})
    beat.refresh_from_db()
    assert (ended.status_code, beat.ends_on) == (200, today() + DAY)
    assert client.get("/grids/beats/new/?station=no").status_code == 400
    assert client.get(f"/grids/beats/new/?station={ground.juri_justice.pk}").status_code == 404


def test_who_may_not_keep_beats_sees_no_buttons(ground: Ground) -> None:
    beat = a_beat(ground, GRID)
    client = Client()
    client.force_login(ground.village_manager)
    assert "调整网格" not in client.get(f"/grids/beats/{beat.pk}/").content.decode()
    assert client.get(f"/grids/beats/{beat.pk}/change/").status_code == 403
    client.force_login(ground.stranger)
    assert client.get(f"/grids/beats/{beat.pk}/").status_code == 404


def test_over_rest_a_beat_is_opened_read_changed_and_ended(ground: Ground) -> None:
    client = as_person(ground.manager)
    body = {"station": ground.juri_police.pk, "name": "第1警格", "grids": [GRID]}
    made = client.post("/api/v1/beats/", body, format="json", headers={"Idempotency-Key": "k1"})
    again = client.post("/api/v1/beats/", body, format="json", headers={"Idempotency-Key": "k1"})
    assert (made.status_code, again.status_code, Beat.objects.count()) == (201, 201, 1)
    address = made["Location"]
    officer = client.post(f"{address}officer/", {"name": "乌力吉格"}, format="json")
    assert officer.status_code == 201
    here = client.get(address).json()
    assert (here["grids"][0]["territory"], here["officer"]["name"]) == (GRID, "乌**格")
    changed = client.post(f"{address}change/", {"name": "改", "grids": [GRID, OTHER_GRID]}, format="json").json()
    assert [row["territory"] for row in changed["grids"]] == [GRID, OTHER_GRID]
    listed = client.get(f"/api/v1/beats/?within={OTHER_GRID}&in_use=true").json()["results"]
    assert [row["name"] for row in listed] == ["改"]
    ended = client.post(f"{address}end/", {"ends_on": (today() + DAY).isoformat()}, format="json").json()
    assert ended["ends_on"] == (today() + DAY).isoformat()
    refused = client.post("/api/v1/beats/", {**body, "grids": ["1505"], "name": "y"}, format="json")
    assert problem_of(refused)[0] == 422
    unknown = client.post("/api/v1/beats/", {**body, "grids": ["150526999999001"], "name": "y"}, format="json")
    assert problem_of(unknown) == (422, "rule_broken", ["grids"])


def test_over_rest_scopes_and_sight_hold(ground: Ground) -> None:
    beat = a_beat(ground, GRID)
    reader = as_system(ground, "roster:read")
    assert reader.get(f"/api/v1/beats/{beat.pk}/").status_code == 200
    assert problem_of(reader.post(f"/api/v1/beats/{beat.pk}/end/", {}, format="json"))[:2] == (403, "scope_missing")
    stranger = as_person(ground.stranger)
    assert problem_of(stranger.get(f"/api/v1/beats/{beat.pk}/"))[0] == 404
    assert stranger.get("/api/v1/beats/").json()["results"] == []


def test_a_client_that_reads_cases_only_sees_no_beats(ground: Ground) -> None:
    assert problem_of(as_system(ground, "cases:read").get("/api/v1/beats/"))[:2] == (403, "scope_missing")


def test_the_list_runs_the_same_queries_for_3_and_for_30_beats(ground: Ground) -> None:
    client, counts = as_person(ground.manager), []
    client.get("/api/v1/beats/")
    for number in (3, 30):
        for at in range(number):
            a_beat(ground, name=f"警格{number}-{at}")
        with CaptureQueriesContext(connection) as caught:
            client.get("/api/v1/beats/?limit=200")
        counts.append(len(caught))
    assert counts[0] == counts[1]
