"""What is raised: once for what it stands on, growing with what comes, again after it was dismissed by news alone."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from early_warning import actions
from early_warning.lifecycle import State
from early_warning.models import DayDone, DueMatter, RuleKind, Warning
from early_warning.queries.sentences import sentence_of
from grids.models import Hazard
from intake import actions as cases
from intake.entries import PartyEntry
from intake.models import Case, Handling
from tests.early_warning.ways import VILLAGE, quarrel, raised, swept, three_quarrels
from tests.grids.test_hazards import found as reported
from tests.intake import ways
from tests.people import Ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db
K = RuleKind


def test_the_third_matter_between_two_sides_warns_whoever_complains_of_whom(ground: Ground) -> None:
    first, second, third = three_quarrels(ground)
    swept(first, second)
    warning = raised(K.SAME_SIDES)
    assert set(warning.evidence.values_list("case", flat=True)) == {first.pk, second.pk, third.pk}
    assert (warning.level, warning.status, warning.centre) == ("orange", State.OPEN, ground.village_centre)
    assert [row.verb for row in trail_of(warning)] == ["warning_raised"]


def test_two_matters_are_no_warning(ground: Ground) -> None:
    swept(quarrel(ground), quarrel(ground))
    assert not Warning.objects.filter(kind=K.SAME_SIDES).exists()


def test_a_warning_grows_with_the_fourth_and_is_not_repeated(ground: Ground) -> None:
    swept(*three_quarrels(ground))
    before = raised(K.SAME_SIDES)
    fourth = quarrel(ground)
    swept(fourth, fourth)
    warning = raised(K.SAME_SIDES)
    assert (warning.pk, warning.evidence.count()) == (before.pk, 4)
    assert warning.version == before.version + 1


def test_what_is_looked_at_again_without_news_changes_nothing(ground: Ground) -> None:
    three = three_quarrels(ground)
    swept(*three)
    before = raised(K.SAME_SIDES)
    swept(*three)
    assert raised(K.SAME_SIDES).version == before.version


def test_hazards_and_names_that_sound_alike_count_between_the_same_sides(ground: Ground) -> None:
    reported(ground, reporter_name="岳长顺", other_side="傅海波")
    swept(quarrel(ground), quarrel(ground, "岳常顺", "付海波"))
    assert raised(K.SAME_SIDES).evidence.filter(hazard__isnull=False).count() == 1


def test_people_with_other_papers_are_not_the_same_sides(ground: Ground) -> None:
    for number in ("152327196503152419", "11010519491231002X", "440524188001010014"):
        side = PartyEntry(name="岳长顺", paper_number=number)
        quarrel(ground, parties=(side, PartyEntry(side="respondent", name="付海波")))
    swept(*Case.objects.all())
    assert not Warning.objects.filter(kind=K.SAME_SIDES).exists()


def test_many_applicants_against_one_firm_warn_the_centre_above_too(ground: Ground) -> None:
    for name in ("张一", "张二", "张三", "张四", "张五"):
        firm = PartyEntry(side="respondent", kind="organisation", name="鲁北建筑有限公司")
        ways.registered(ground, parties=(PartyEntry(name=name), firm), territory="150526100001", category="0402")
    swept(*Case.objects.all())
    warning = raised(K.MANY_AGAINST_ONE)
    assert (warning.evidence.count(), warning.figures["applicants"]) == (5, 5)
    told = {m.payload["user"] for m in OutboxMessage.objects.filter(payload__kind="early_warning")}
    assert {ground.stranger.pk, ground.dispatcher.pk} <= told


def test_a_case_that_came_back_after_closing_warns(ground: Ground) -> None:
    case = ways.closed(ground)
    cases.reopen_case(case, actor=ground.dispatcher, reason="又吵起来")
    swept(case)
    assert raised(K.COME_BACK).evidence.get().why == "重办"


def test_two_refusals_warn_and_one_does_not(ground: Ground) -> None:
    case = ways.dispatched(ground)
    cases.return_case(Case.objects.get(pk=case.pk), actor=ground.handler, reason="不归我们管")
    swept(case)
    assert not Warning.objects.filter(kind=K.REFUSED_TWICE).exists()
    Handling.objects.create(
        case=case, kind="dispatch", organisation=ground.labour_bureau, opened_at=timezone.now(),
        closed_at=timezone.now(), close_reason="returned",
    )  # fmt: skip
    swept(case)
    assert raised(K.REFUSED_TWICE).figures == {"organisations": 2}


def test_who_is_dissatisfied_or_out_of_reach_three_times_warns(ground: Ground) -> None:
    case = ways.closed(ground)
    for _ in range(3):
        cases.record_follow_up(
            Case.objects.get(pk=case.pk), cases.Heard("phone", False, note="无人接听"), actor=ground.clerk
        )
    swept(case)
    assert raised(K.UNREACHABLE).evidence.get().why == "连续 3 次联系不上"


def test_a_hazard_of_thirty_days_warns_once_and_each_day_is_looked_at_once(ground: Ground) -> None:
    hazard = reported(ground)
    Hazard.objects.filter(pk=hazard.pk).update(reported_at=timezone.now() - timedelta(days=31))
    assert actions.look_at_day(timezone.now()) > 0
    found = raised(K.HAZARD_UNSETTLED)
    assert found.evidence.get().hazard == hazard
    assert re.fullmatch(r"隐患 \d+ 天未化解", sentence_of(found, list(found.evidence.all())))
    assert actions.look_at_day(timezone.now()) == 0
    DayDone.objects.all().delete()
    actions.look_at_day(timezone.now())
    assert raised(K.HAZARD_UNSETTLED).version == 1


def test_a_warning_that_was_dismissed_comes_back_with_news_only(ground: Ground) -> None:
    three = three_quarrels(ground)
    swept(*three)
    first = raised(K.SAME_SIDES)
    Warning.objects.filter(pk=first.pk).update(
        status=State.DISMISSED, decided_at=timezone.now(), decided_by=ground.manager, reason="已和好"
    )
    swept(*three)
    assert Warning.objects.filter(kind=K.SAME_SIDES).count() == 1
    swept(quarrel(ground))
    assert Warning.objects.get(kind=K.SAME_SIDES, status=State.OPEN).before == first


def test_a_level_is_never_lowered_by_anybody(ground: Ground) -> None:
    swept(*three_quarrels(ground))
    with pytest.raises(IntegrityError), transaction.atomic():
        Warning.objects.update(level="blue")


def test_of_one_kind_and_subject_one_alone_is_live(ground: Ground) -> None:
    swept(*three_quarrels(ground))
    warning = raised(K.SAME_SIDES)
    with pytest.raises(IntegrityError), transaction.atomic():
        Warning.objects.create(
            rule=warning.rule, kind=warning.kind, subject=warning.subject, territory=warning.territory,
            centre=warning.centre, level="red",
        )  # fmt: skip


def test_a_matter_that_fails_is_set_aside_and_the_others_go_on(ground: Ground) -> None:
    """No centre answers for a whole province: nobody could be told."""
    three, bad = three_quarrels(ground), ways.registered(ground)
    Case.objects.filter(pk=bad.pk).update(territory=ground.places["15"], narrative="扬言放火")
    actions.note_cases([bad.pk, *(case.pk for case in three)])
    assert actions.look_at_changes(timezone.now()) == 3
    assert list(DueMatter.objects.values_list("case", flat=True)) == [bad.pk]
    assert raised(K.SAME_SIDES)


def test_the_place_of_the_warning_is_that_of_its_last_matter(ground: Ground) -> None:
    swept(*three_quarrels(ground))
    assert raised(K.SAME_SIDES).territory.code == VILLAGE
