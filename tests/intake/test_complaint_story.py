"""Story 11: a village head is accused by name; he and his village see nothing at any step, the county answers."""

from typing import Any

import pytest
from django.test import Client

from grids.actions import post_person
from grids.models import Organisation, Role
from intake import actions, queries
from intake.entries import PartyEntry
from intake.models import Case, CaseChange, Handling, HandlingKind
from intake.search.queries import cases_named
from intake.sight import Level, sight_of
from tests.intake.ways import REPORT
from tests.people import STARTS, Ground, an_entry
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound, RuleViolation
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db
PLACE = "150526103200"


@pytest.fixture
def discipline(ground: Ground) -> Organisation:
    """The county's unit for complaints, with one who handles there."""
    unit = Organisation.objects.create(
        name="旗纪委监委", short_name="纪委监委", kind="department", territory=ground.places["150526"],
        starts_on=STARTS, answers_complaints=True,
    )  # fmt: skip
    ground.people["inspector"] = create_user(username="inspector", name="严明")
    post_person(ground.people["inspector"], unit, Role.HANDLER, starts_on=STARTS)
    return unit


def a_complaint(ground: Ground, actor: User | None = None, **changes: Any) -> Case:
    accused = PartyEntry(side="respondent", role="accused", name="付德柱", works_at="五家子村综治中心")
    entry = an_entry(
        title="反映村干部", narrative="付德柱克扣低保金", request="查清退还", category="1502",
        parties=(PartyEntry(name="岳某某", phone="13847500001"), accused),
    )  # fmt: skip
    return actions.register_case(entry, actor=actor or ground.clerk, **changes)


def is_fed(user: User, case: Case) -> bool:
    """Whether the feed of changes shows the case to somebody, once what was written is committed."""
    new, step = CaseChange.objects.filter(xid__gt=500), CaseChange.objects.filter(xid__lte=500).count() + 1
    new.update(xid=step)
    return any(change.case.pk == case.pk for change in queries.changes_for(user).changes)


def sees_nothing(user: User, case: Case, since: int = 0) -> bool:
    """In no list, count, search, feed and page, and told nothing, since a message of the outbox."""
    case = Case.objects.get(pk=case.pk)
    shown = queries.cases_for_list(user).filter(pk=case.pk).exists()
    found = cases_named(queries.cases_for_list(user), str(case.code), user).exists()
    fed = is_fed(user, case)
    page = Client()
    page.force_login(user)
    hidden = page.get(f"/cases/{case.code}/").status_code == 404
    own = OutboxMessage.objects.filter(
        pk__gt=since, payload__user=user.pk, payload__title__icontains=str(case.code)
    ).exists()
    return hidden and not (shown or found or fed or own) and sight_of(user, case).level == Level.NONE


def test_the_village_sees_nothing_at_any_step_and_the_designated_unit_answers(
    ground: Ground, discipline: Organisation
) -> None:
    case = a_complaint(ground)
    village = (ground.village_manager, ground.grid_worker)

    def nobody_of_the_village_sees_it() -> None:
        assert [user.name for user in village if not sees_nothing(user, case)] == []
        assert is_fed(ground.dispatcher, case)

    nobody_of_the_village_sees_it()
    assert case.centre == ground.county_centre
    assert sight_of(ground.dispatcher, case).level == Level.FULL
    actions.accept_case(case, actor=ground.dispatcher)
    with pytest.raises(RuleViolation, match="决定由谁办理"):
        actions.dispatch_case(case, actor=ground.dispatcher, organisation=discipline)
    actions.decide_responder(case, actor=ground.dispatcher, responder="designated", reason="涉及村主要负责人")
    with pytest.raises(RuleViolation, match="已决定由旗纪委监委办理"):
        actions.dispatch_case(case, actor=ground.dispatcher, organisation=ground.justice_bureau)
    case = actions.dispatch_case(case, actor=ground.dispatcher, organisation=discipline)
    nobody_of_the_village_sees_it()
    inspector = ground.people["inspector"]
    case = actions.sign_for_case(case, actor=inspector)
    case = actions.report_outcome(case, REPORT, actor=inspector)
    nobody_of_the_village_sees_it()
    case = actions.close_case(case, actor=ground.dispatcher)
    nobody_of_the_village_sees_it()
    assert not Handling.objects.filter(case=case, kind=HandlingKind.SUPPORT).exists()


def test_what_the_village_itself_took_in_goes_to_the_centre_above_and_out_of_its_sight(ground: Ground) -> None:
    case = a_complaint(ground, ground.village_manager)
    assert case.centre in (ground.juri_centre, ground.county_centre)
    assert case.place_detail.startswith("巨日合镇五家子村")
    assert sees_nothing(ground.village_manager, case)


def test_the_village_counts_and_maps_nothing_of_it(ground: Ground) -> None:
    case = a_complaint(ground)
    assert case.territory is not None
    assert not case.territory.current_code.startswith(PLACE)


def test_the_accused_and_the_village_are_not_offered_and_not_handed_the_case(ground: Ground) -> None:
    case = actions.accept_case(a_complaint(ground), actor=ground.dispatcher)
    actions.decide_responder(case, actor=ground.dispatcher, responder="above", reason="由县级直接办理")
    offered = queries.reachable_organisations(case, limit=60)
    assert ground.village_centre not in offered and ground.justice_bureau in offered
    with pytest.raises(RuleViolation, match="被反映的单位"):
        actions.dispatch_case(case, actor=ground.dispatcher, organisation=ground.village_centre)
    with pytest.raises(RuleViolation, match="不能交由下级"):
        actions.hand_down_case(case, actor=ground.dispatcher, centre=ground.juri_centre, reason="就近")


def test_a_police_station_that_is_accused_does_not_see_it_and_the_town_does_not_answer(ground: Ground) -> None:
    officer = create_user(username="officer", name="包警官")
    post_person(officer, ground.juri_police, Role.HANDLER, starts_on=STARTS)
    accused = PartyEntry(
        side="respondent", role="accused", kind="organisation", name="巨日合镇派出所", works_at="巨日合镇派出所"
    )
    case = actions.register_case(an_entry(parties=(PartyEntry(name="岳某某"), accused)), actor=ground.town_clerk)
    assert case.centre == ground.county_centre
    assert sees_nothing(officer, case)


def test_an_account_of_the_same_name_at_the_organisation_that_comes_later_sees_nothing_either(ground: Ground) -> None:
    accused = PartyEntry(side="respondent", role="accused", name="那日松", works_at="司法局")
    case = actions.register_case(an_entry(parties=(PartyEntry(name="岳某某"), accused)), actor=ground.clerk)
    late = create_user(username="late", name="那日松")
    post_person(late, ground.justice_bureau, Role.HANDLER, starts_on=STARTS)
    post_person(late, ground.politics_and_law, Role.LEADER, starts_on=STARTS)
    assert sees_nothing(late, case) and not sees_nothing(ground.leader, case)


def test_an_accused_without_organisation_is_asked_for_it(ground: Ground) -> None:
    accused = PartyEntry(side="respondent", role="accused", name="付德柱")
    with pytest.raises(RuleViolation) as refused:
        actions.register_case(an_entry(parties=(PartyEntry(name="岳某某"), accused)), actor=ground.clerk)
    assert "parties.1.works_at" in refused.value.errors


def test_who_helps_with_a_case_that_becomes_a_complaint_against_it_helps_no_more(ground: Ground) -> None:
    case = actions.register_case(an_entry(), actor=ground.village_manager)
    case = actions.escalate_case(actions.accept_case(case, actor=ground.village_manager),
                                 actor=ground.village_manager, reason="办不了")  # fmt: skip
    assert case.handlings.filter(organisation=ground.village_centre, closed_at=None).exists()
    before = OutboxMessage.objects.latest("pk").pk
    accused = PartyEntry(side="respondent", role="accused", name="付德柱", works_at="五家子村综治中心")
    case = actions.amend_case(
        case,
        an_entry(parties=(PartyEntry(name="岳某某"), accused)),
        actor=ground.town_dispatcher,
        reason="查明被反映人",
    )
    assert not case.handlings.filter(organisation=ground.village_centre, closed_at=None).exists()
    assert sees_nothing(ground.village_manager, case, since=before)


def test_a_restricted_case_is_seen_by_the_named_only_and_every_look_is_recorded(ground: Ground) -> None:
    from zhongzhi.audit.models import TrailEntry

    case = actions.register_case(an_entry(is_restricted=True), actor=ground.clerk)
    named = {ground.clerk, ground.manager}
    assert {u for u in ground.people.values() if sight_of(u, case).level} == named
    queries.case_visible_to(ground.manager, str(case.code))
    assert TrailEntry.objects.filter(verb="restricted_case_seen", actor_id=ground.manager.pk).count() == 1
    with pytest.raises(NotFound):
        queries.case_visible_to(ground.dispatcher, str(case.code))
    actions.restrict_case(case, actor=ground.manager, reason="需其承办", people=[ground.dispatcher])
    assert sight_of(ground.dispatcher, case).level == Level.FULL
    case = actions.accept_case(case, actor=ground.dispatcher)
    actions.dispatch_case(case, actor=ground.dispatcher, organisation=ground.justice_bureau)
    assert sight_of(ground.handler, case).level == Level.FULL
    assert sight_of(ground.leader, case).level == Level.NONE


def test_what_the_receipt_says_of_a_complaint_names_no_unit_but_the_centre(
    ground: Ground, discipline: Organisation
) -> None:
    from intake.public.actions import issue_query_code
    from intake.public.queries import progress_of

    case = actions.accept_case(a_complaint(ground), actor=ground.dispatcher)
    actions.decide_responder(case, actor=ground.dispatcher, responder="designated", reason="涉及村主要负责人")
    actions.dispatch_case(case, actor=ground.dispatcher, organisation=discipline)
    applicant = case.parties.get(role="principal")
    progress = progress_of(issue_query_code(case, applicant, actor=ground.clerk).row)
    assert progress.holder is None and progress.centre == ground.county_centre
    desk = Client()
    desk.force_login(ground.clerk)
    page = desk.post(f"/cases/{case.code}/receipt/{applicant.uid}/").content.decode()
    assert "岳某某" in page
    assert not [word for word in ("付德柱", "五家子", "纪委") if word in page]


def test_the_set_wise_level_is_that_of_each_case(ground: Ground) -> None:
    from intake.sight import cases_in_sight, with_level
    from tests.intake import ways

    ways.handling(ground)
    back = ways.dispatched(ground)
    actions.return_case(back, actor=ground.handler, reason="不属本单位职责")
    a_complaint(ground)
    actions.register_case(an_entry(is_restricted=True), actor=ground.clerk)
    for name, user in ground.people.items():
        found = {row.pk: row.sight_level for row in with_level(cases_in_sight(user), user)}
        for case in Case.objects.all():
            assert found.get(case.pk, 0) == sight_of(user, case).level, (name, case.code)
    assert sight_of(ground.handler, Case.objects.get(pk=back.pk)).level == Level.OUTLINE
