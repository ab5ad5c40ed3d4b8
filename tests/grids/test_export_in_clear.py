"""The roster with whole numbers: for managers of the place, with a reason, in the trail."""

import zipfile
from io import BytesIO

import openpyxl
import pytest

from grids import queries
from grids.actions import export_in_clear
from tests.browsing import signed_in
from tests.grids.field import GRID, OTHER_GRID, a_head, a_worker
from tests.people import Ground
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import BadInput, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db
ADDRESS = "/grids/roster/export/full/"
REASON = "旗平安建设考核"


def test_a_manager_takes_whole_numbers_out_with_a_reason_that_stays(ground: Ground) -> None:
    worker, head = a_worker(ground), a_head(ground)
    client = signed_in(ground.village_manager)
    assert "完整号码" in client.get("/grids/roster/").content.decode()
    assert "共 <strong>2</strong> 行" in client.get(ADDRESS).content.decode()
    answer = client.post(f"{ADDRESS}?kind=full_time", {"reason": REASON})
    assert "no-store" in answer["Cache-Control"]
    content = b"".join(answer.streaming_content)
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    who = f"{ground.village_manager} {ground.village_manager.username}"
    assert who in sheet.oddHeader.center.text
    drawing = zipfile.ZipFile(BytesIO(content)).read("xl/drawings/drawing1.xml").decode()
    assert who in drawing and "注意保密" in drawing
    assert "13847500009" in [cell.value for cell in sheet[2]]
    assert sheet.max_row == 2, "as it was filtered"
    entry = TrailEntry.objects.get(verb="roster_exported_in_clear")
    assert (entry.actor_id, entry.facts["reason"], entry.facts["services"]) == (
        ground.village_manager.pk, REASON, [worker.pk],
    )  # fmt: skip
    assert head.pk not in entry.facts["services"]


def test_without_a_reason_nothing_leaves(ground: Ground) -> None:
    a_worker(ground)
    answer = signed_in(ground.manager).post(ADDRESS, {"reason": "  "})
    assert (answer.status_code, "导出理由" in answer.content.decode()) == (422, True)
    with pytest.raises(BadInput, match="理由"):
        export_in_clear(queries.services(), actor=ground.manager, reason=" ")
    assert not TrailEntry.objects.filter(verb="roster_exported_in_clear").exists()


@pytest.mark.parametrize("who", ["clerk", "dispatcher", "leader", "handler", "grid_worker", "auditor", "system_admin"])
def test_others_than_managers_are_refused(who: str, ground: Ground) -> None:
    a_worker(ground)
    client = signed_in(ground.people[who])
    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, {"reason": REASON}).status_code == 403
    with pytest.raises(PermissionDenied):
        export_in_clear(queries.services(), actor=ground.people[who], reason=REASON)


def test_only_those_of_ones_own_territory_leave(ground: Ground) -> None:
    a_head(ground, place=OTHER_GRID)
    with pytest.raises(RuleViolation, match="没有可以导出的人员"):
        export_in_clear(queries.services(), actor=ground.village_manager, reason=REASON)
    mine = a_head(ground, place=GRID)
    assert export_in_clear(queries.services(), actor=ground.village_manager, reason=REASON) == [mine]


def test_too_many_at_once_are_refused(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grids.actions.unmasking.MOST", 1)
    a_worker(ground)
    a_head(ground)
    with pytest.raises(RuleViolation, match="一次最多导出 1 人"):
        export_in_clear(queries.services(), actor=ground.manager, reason=REASON)
