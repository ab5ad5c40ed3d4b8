"""Several who record or correct the result of one road at the same moment: it is done once."""

from typing import Any

import pytest
from django.utils import timezone

from intake import actions
from intake.actions import Report
from intake.models import Case, RoadCorrection, RoadTaken
from tests.faults.test_registrations import at_once
from tests.intake import ways
from tests.people import make_ground
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import InvalidTransition, VersionConflict

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
MANY = 6


def test_a_result_is_recorded_once_and_the_others_are_told() -> None:
    ground = make_ground()
    case = actions.report_outcome(
        ways.handling(ground), Report("unresolved", "未达成一致", "litigation"), actor=ground.handler
    )
    refused: list[Any] = []

    def note(at: int) -> None:
        """Each with a result of its own."""
        try:
            actions.record_road_result(
                case, actor=ground.clerk, road="litigation", ended_on=timezone.localdate(), result=f"判决{at}"
            )
        except InvalidTransition as refusal:
            refused.append(refusal)

    at_once(MANY, note)
    assert len(refused) == MANY - 1
    assert RoadTaken.objects.filter(ended_on__isnull=False).count() == 1
    assert TrailEntry.objects.filter(verb="road_ended").count() == 1


def test_a_result_is_corrected_by_the_first_and_the_others_are_told() -> None:
    ground = make_ground()
    report = Report("unresolved", "未达成一致", "litigation")
    case = actions.report_outcome(ways.handling(ground), report, actor=ground.handler)
    today = timezone.localdate()
    row = actions.record_road_result(case, actor=ground.clerk, road="litigation", ended_on=today, result="判决")
    seen = Case.objects.get(pk=case.pk).version
    refused: list[Any] = []

    def note(at: int) -> None:
        """Each looked at the same version."""
        said: Any = {"row": row.pk, "ended_on": today, "result": f"判决{at}", "reason": "抄错"}
        try:
            actions.correct_road_result(case, actor=ground.clerk, version=seen, **said)
        except VersionConflict as refusal:
            refused.append(refusal)

    at_once(MANY, note)
    assert len(refused) == MANY - 1
    kept = RoadCorrection.objects.get()
    assert (kept.result, RoadTaken.objects.get().result != "判决") == ("判决", True)
    assert TrailEntry.objects.filter(verb="road_result_corrected").count() == 1
