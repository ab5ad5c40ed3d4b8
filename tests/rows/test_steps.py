"""Steps: one shape for every history of states."""

import pytest
from django.apps import apps

from referrals.models import DocumentStep
from tests.people import Ground
from tests.referrals import ways
from zhongzhi.rows.steps import StatusStep, Step

STEPS = {"GradeChange", "RoadCorrection", "TierMove"}
STATUS_STEPS = {"DocumentStep", "HazardStep", "StatusChange", "WarningStep"}


def test_every_history_of_states_says_who_when_from_what_to_what_and_why() -> None:
    found = [m for m in apps.get_models() if "to_status" in {field.name for field in m._meta.concrete_fields}]
    assert {m.__name__ for m in found if issubclass(m, StatusStep)} == {m.__name__ for m in found} == STATUS_STEPS
    assert {m.__name__ for m in apps.get_models() if issubclass(m, Step)} == STEPS | STATUS_STEPS


def test_events_and_states_of_a_step_fit_their_columns() -> None:
    for model in (m for m in apps.get_models() if issubclass(m, StatusStep)):
        longest = max(len(value) for value in (*model.events.values, *model.states.values))
        assert longest <= min(model._meta.get_field(n).max_length or 0 for n in ("event", "from_status", "to_status"))


@pytest.mark.django_db
def test_each_step_of_a_document_begins_where_the_one_before_ended(ground: Ground) -> None:
    steps = list(DocumentStep.objects.filter(document=ways.signed(ground)).order_by("pk"))
    assert (steps[0].event, steps[0].from_status, steps[0].to_status) == ("", "", "draft")
    assert [step.from_status for step in steps[1:]] == [step.to_status for step in steps[:-1]]
    assert len(steps) > 1
    assert [step.get_event_display() for step in steps][:2] == ["", "签发"]
