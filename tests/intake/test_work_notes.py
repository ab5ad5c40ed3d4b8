"""Between signing for and reporting: notes on the work, mentions, directions of leaders."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from intake import actions, queries
from intake.available_actions import available_acts
from intake.models import Attachment, Case, Direction, Mention, WorkNote
from intake.public.actions import issue_query_code
from intake.public.queries import progress_of
from tests.files.samples import picture, upload
from tests.intake import ways
from tests.people import Ground
from workbench.todo import todo_of
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import BadInput, InvalidTransition, PermissionDenied, RuleViolation
from zhongzhi.notices.actions import deliver_due
from zhongzhi.notices.models import Notice

pytestmark = pytest.mark.django_db


def note(case: Case, actor: Any, **changes: Any) -> WorkNote:
    values: dict[str, Any] = {"text": "上门丈量，岳某某在场。", "on": timezone.localdate()}
    return actions.write_note(case, actor=actor, **(values | changes))


def acts(user: Any, case: Case) -> set[str]:
    return {act.name for act in available_acts(user, Case.objects.get(pk=case.pk))}


def todo(user: Any, name: str) -> list[Any]:
    return [case.pk for section in todo_of(user) if section.name == name for case in section.first]


def test_who_works_on_the_case_notes_what_was_done_on_its_own_day(ground: Ground) -> None:
    case, day = ways.handling(ground), timezone.localdate() - timedelta(days=2)
    row = note(case, ground.handler, on=day, kind="visit")
    assert (row.on, row.organisation) == (day, ground.justice_bureau)
    step = queries.timeline_of(case)[-1]
    assert (step.label, step.actor, step.reason) == ("走访", "王立新", f"{day}：上门丈量，岳某某在场。")
    last = trail_of(case).last()
    assert last is not None and last.verb == "work_noted" and "丈量" not in str(last.facts)
    note(Case.objects.get(pk=case.pk), ground.dispatcher)


def test_a_note_is_shown_as_far_as_its_reader_may_see(ground: Ground) -> None:
    case = ways.handling(ground)
    name = case.parties.order_by("pk")[0].name
    note(case, ground.handler, text=f"{name}在场")
    seen = queries.story_for(ground.leader, Case.objects.get(pk=case.pk))[-1].reason
    assert name not in seen and "在场" in seen


def test_a_note_is_never_changed(ground: Ground) -> None:
    row = note(ways.handling(ground), ground.handler)
    for change in (lambda: WorkNote.objects.filter(pk=row.pk).update(text="改"), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("who", ["other_handler", "leader", "clerk", "stranger"])
def test_others_write_no_notes(who: str, ground: Ground) -> None:
    case = ways.handling(ground)
    assert "write-note" not in acts(ground.people[who], case)
    with pytest.raises(PermissionDenied):
        note(case, ground.people[who])
    assert not WorkNote.objects.exists()


def test_the_leader_in_charge_records_visits_measures_and_result(ground: Ground) -> None:
    case = ways.handling(ground)
    case = actions.regrade_case(case, actor=ground.dispatcher, risk="red", reason="有激化苗头")
    assert case.leaders_in_charge.get(until=None).leader == ground.leader
    assert note(case, ground.leader, kind="measure", text="约谈双方").kind == "measure"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"text": " "}, "text"), ({"kind": "rumour"}, "kind"), ({"on": timezone.localdate() + timedelta(days=1)}, "on")],
)
def test_a_note_must_be_whole(ground: Ground, changes: dict[str, Any], field: str) -> None:
    with pytest.raises((BadInput, RuleViolation)) as refusal:
        note(ways.handling(ground), ground.handler, **changes)
    assert refusal.value.field == field


def test_nothing_is_noted_on_a_case_that_is_done_with(ground: Ground) -> None:
    with pytest.raises(InvalidTransition):
        note(ways.closed(ground), ground.dispatcher)


def test_a_file_goes_along_and_a_line_reaches_the_citizen(ground: Ground) -> None:
    case = ways.handling(ground)
    row = note(case, ground.handler, file=upload("界桩.jpg", picture()), citizen_line="已到现场丈量")
    assert row.attachment == Attachment.objects.get(case=case)
    issue_query_code(case, case.parties.filter(side="applicant").order_by("pk")[0], actor=ground.clerk)
    assert progress_of(case.query_codes.get()).steps[-1].label == "已到现场丈量"


def test_who_is_mentioned_is_told_finds_it_and_reads_it(ground: Ground) -> None:
    case = ways.handling(ground)
    note(case, ground.handler, mentioned=[ground.dispatcher])
    deliver_due(timezone.now())
    assert Notice.objects.filter(title__contains="提到了您", user=ground.dispatcher).exists()
    assert todo(ground.dispatcher, "mentions") == [case.pk]
    case.refresh_from_db()
    actions.read_mentions(case, actor=ground.dispatcher)
    assert Mention.objects.get().read_at is not None and todo(ground.dispatcher, "mentions") == []
    with pytest.raises(InvalidTransition):
        actions.read_mentions(case, actor=ground.dispatcher)


def test_nobody_is_mentioned_who_may_not_be_told(ground: Ground) -> None:
    case = actions.restrict_case(ways.handling(ground), actor=ground.dispatcher, reason="涉及未成年人")
    with pytest.raises(RuleViolation) as refusal:
        note(case, ground.handler, mentioned=[ground.stranger])
    assert refusal.value.field == "mentioned"
    assert not WorkNote.objects.exists()


def test_a_leader_directs_an_organisation_which_reads_and_answers(ground: Ground) -> None:
    case, day = ways.handling(ground), timezone.localdate() + timedelta(days=3)
    given = {"organisation": ground.justice_bureau, "words": "请局主要领导过问", "due_on": day}
    actions.give_direction(case, actor=ground.leader, **given)
    deliver_due(timezone.now())
    assert Notice.objects.filter(title__contains="领导批示", user=ground.handler).exists()
    assert todo(ground.handler, "directions") == [case.pk]
    assert acts(ground.handler, case) >= {"read-direction", "answer-direction"}
    case.refresh_from_db()
    actions.read_direction(case, actor=ground.handler)
    row = actions.answer_direction(case, actor=ground.handler, answer="已约定周五调解")
    assert (row.read_by, row.answered_by) == (ground.handler, ground.handler)
    assert todo(ground.handler, "directions") == []
    labels = [step.label for step in queries.timeline_of(case)]
    assert labels[-2:] == ["领导批示", "办复批示"]
    deliver_due(timezone.now())
    assert Notice.objects.filter(title__contains="已办复", user=ground.leader).exists()
    with pytest.raises(InvalidTransition):
        actions.answer_direction(case, actor=ground.handler, answer="再答")


def test_only_leaders_over_the_place_direct_and_only_who_is_on_the_case(ground: Ground) -> None:
    case = ways.handling(ground)
    for person in (ground.manager, ground.handler, ground.stranger):
        with pytest.raises(PermissionDenied):
            actions.give_direction(case, actor=person, organisation=ground.justice_bureau, words="请办")
    yesterday = timezone.localdate() - timedelta(days=1)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"organisation": ground.labour_bureau}, "organisation"),
        ({"organisation": None}, "organisation"),
        ({"due_on": yesterday}, "due_on"),
        ({"words": " "}, "words"),
    ]
    for changes, field in wrong:
        given: dict[str, Any] = {"organisation": ground.justice_bureau, "words": "请办"} | changes
        with pytest.raises((RuleViolation, BadInput)) as refusal:
            actions.give_direction(case, actor=ground.leader, **given)
        assert refusal.value.field == field
    with pytest.raises(InvalidTransition):
        actions.read_direction(case, actor=ground.handler)
    assert not Direction.objects.exists()


def test_a_note_is_written_by_the_dialog_of_the_case_page(ground: Ground) -> None:
    case, client = ways.handling(ground), Client(raise_request_exception=False)
    client.force_login(ground.handler)
    assert "写办理记录" in client.get(f"/cases/{case.code}/").content.decode()
    form = client.get(f"/cases/{case.code}/acts/write-note/").content.decode()
    assert "告知当事人" in form and "韩冰" in form
    given = {"on": timezone.localdate(), "kind": "work", "text": "电话联系双方", "version": case.version}
    assert client.post(f"/cases/{case.code}/acts/write-note/", given).status_code == 200
    assert "电话联系双方" in client.get(f"/cases/{case.code}/").content.decode()
