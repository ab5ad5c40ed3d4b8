"""Who was told of a warning and who opened it stands on its page, for those over the place; a visit answers it."""

import pytest
from django.test import Client

from early_warning import actions
from early_warning.models import RuleKind, Warning
from early_warning.queries import file_of
from early_warning.queries.readers import readers_of
from grids.actions import record_visit
from grids.entries import VisitEntry
from grids.models import PlannedVisit, Visit
from grids.queries import plans_visible_to
from tests.early_warning.ways import raised, swept, three_quarrels
from tests.grids.test_hazards import found as reported
from tests.people import Ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import RuleViolation

pytestmark = pytest.mark.django_db
K = RuleKind


def quarrels(ground: Ground) -> Warning:
    swept(*three_quarrels(ground))
    return raised(K.SAME_SIDES)


def test_who_opens_it_is_written_down_once_a_day_and_shown_with_who_was_told(ground: Ground, client: Client) -> None:
    warning = quarrels(ground)
    client.force_login(ground.town_manager)
    for _ in range(2):
        page = client.get(f"/warnings/{warning.uid}/").content.decode()
    assert [row.verb for row in trail_of(warning)] == ["warning_raised", "warning_seen"]
    rows = readers_of(ground.village_manager, warning)
    assert (rows[0].person, rows[0].days) == (ground.town_manager, 1)
    assert ground.village_manager in [row.person for row in rows if row.first is None and row.told_at]
    assert "还没看" in page
    assert ground.town_manager.name in page


def test_who_works_in_the_grid_is_not_told_who_opened_it(ground: Ground) -> None:
    reported(ground, narrative="扬言放火")
    warning = raised(K.DANGER_WORDS)
    actions.note_look(warning, actor=ground.grid_worker)
    assert readers_of(ground.grid_worker, warning) == []
    assert [row.person for row in readers_of(ground.town_manager, warning) if row.first] == [ground.grid_worker]


def test_a_visit_stands_on_the_list_of_the_grid_and_what_it_found_answers_the_warning(ground: Ground) -> None:
    warning = quarrels(ground)
    grid = ground.places["150526103200001"]
    actions.turn_into_visit(warning, "岳家", actor=ground.town_manager, grid=grid)
    plan = plans_visible_to(ground.grid_worker).get()
    visit = record_visit(VisitEntry(grid.code, "岳家", note="两家已分别劝过", plan=plan.pk), actor=ground.grid_worker)
    made = file_of(ground.town_manager, warning).responses[0]
    assert made.plan
    assert (made.plan.visit, made.plan.visit.note) == (visit, "两家已分别劝过")
    assert Visit.objects.count() == 1


def test_a_grid_of_another_place_is_refused(ground: Ground) -> None:
    with pytest.raises(RuleViolation):
        actions.turn_into_visit(quarrels(ground), "岳家", actor=ground.town_manager, grid=ground.places["150526100"])
    assert not PlannedVisit.objects.exists()
