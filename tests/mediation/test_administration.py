"""Bodies, rooms, mediators, teams: set up, changed, ended by those who may; history stays, nothing hangs in the air."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from grids.models import Posting, Role
from grids.roles import Capability
from grids.scope import scope_of
from mediation import actions
from mediation.actions import BodyEntry, MediatorEntry
from mediation.models import Body, Booking, Mediator, Recusal, Room, Team
from mediation.queries.statistics import figures_of_bodies
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import STARTS, Ground
from zhongzhi.accounts.models import User
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import (
    BadInput,
    DomainError,
    InvalidTransition,
    PermissionDenied,
    RuleViolation,
    VersionConflict,
)

BRANDED = BodyEntry("branded", seal="那顺金牌调解室", doc_mark="那顺调")


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def set_up(ground: Ground, actor: User | None = None, **changes: Any) -> Body:
    entry = BodyEntry(**({"kind": "branded", "seal": "那顺金牌调解室", "doc_mark": "那顺调"} | changes))
    return actions.set_up_body(ground.branded_room, entry, actor=actor or ground.manager, starts_on=STARTS)


def refusal(error: type[DomainError], field: str | None, act: Any) -> str:
    with pytest.raises(error) as refused:
        act()
    assert refused.value.field == field
    return refused.value.message


def test_a_body_is_set_up_by_manager_or_system_administrator_over_it(ground: Ground) -> None:
    body = set_up(ground, ground.system_admin)
    assert (body.version, body.doc_mark) == (1, "那顺调")
    entry = TrailEntry.objects.get(verb="mediation_body_set_up")
    assert entry.actor_id == ground.system_admin.pk
    said = refusal(RuleViolation, "organisation", lambda: set_up(ground))
    assert "已登记为调解组织" in said


@pytest.mark.parametrize("who", ["dispatcher", "town_manager", "mediator", "leader", "auditor", "security_admin"])
def test_others_do_not(who: str, ground: Ground) -> None:
    with pytest.raises(PermissionDenied):
        set_up(ground, ground.people[who])
    assert not Body.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"), [({"kind": "x"}, "kind"), ({"seal": " "}, "seal"), ({"doc_mark": ""}, "doc_mark")]
)
def test_a_body_needs_kind_seal_and_mark(changes: dict[str, str], field: str, ground: Ground) -> None:
    refusal((RuleViolation, BadInput), field, lambda: set_up(ground, **changes))  # type: ignore[arg-type]


def test_two_bodies_never_share_a_mark_or_numbers_would_be_given_twice(ground: Ground, house: House) -> None:
    refusal(RuleViolation, "doc_mark", lambda: set_up(ground, doc_mark="巨日合调"))
    assert Body.objects.count() == 1
    body = set_up(ground)
    entry = BodyEntry("branded", "那顺金牌调解室", "巨日合调")
    refusal(RuleViolation, "doc_mark", lambda: actions.change_body(body, entry, actor=ground.manager))


def test_who_changed_it_meanwhile_is_not_overwritten(ground: Ground, house: House) -> None:
    body = set_up(ground)
    actions.change_body(body, BodyEntry("branded", "新印章", "那顺调"), actor=ground.manager, version=1)
    act = lambda version: actions.change_body(body, BRANDED, actor=ground.manager, version=version)  # noqa: E731
    refusal(VersionConflict, None, lambda: act(1))
    assert act(2).version == 3
    room = house.room
    actions.change_room(room, "甲室", "", actor=ground.town_manager, version=1)
    refusal(VersionConflict, None, lambda: actions.close_room(room, actor=ground.town_manager, version=1))
    entry = MediatorEntry("付德柱", certificate="NMG-1")
    actions.change_mediator(house.second, entry, actor=ground.town_manager, version=1)
    refusal(
        VersionConflict,
        None,
        lambda: actions.change_mediator(house.second, entry, actor=ground.town_manager, version=1),
    )


def test_a_body_with_work_in_hand_is_not_ended_and_then_leaves_with_its_people(ground: Ground, house: House) -> None:
    mediation = ways.opened(ground, house)
    today, body = timezone.localdate(), house.body
    end = lambda **more: actions.end_body(  # noqa: E731
        body, **({"actor": ground.town_manager, "ends_on": today, "reason": "撤并"} | more)
    )
    assert "还有 1 件调解" in refusal(InvalidTransition, None, end)
    actions.cancel_mediation(mediation, actor=ground.town_dispatcher, reason="误开")
    refusal(RuleViolation, "ends_on", lambda: end(ends_on=today + timedelta(days=1)))
    refusal(RuleViolation, "ends_on", lambda: end(ends_on=STARTS))
    refusal(BadInput, "reason", lambda: end(reason=""))
    refusal(PermissionDenied, None, lambda: end(actor=ground.town_dispatcher))
    ended = end()
    assert ended.ends_on == today
    assert set(Mediator.objects.values_list("ends_on", flat=True)) == {today}
    assert not Room.objects.filter(is_active=True).exists()
    refusal(InvalidTransition, None, lambda: actions.add_room(body, "二室", actor=ground.town_manager))
    with pytest.raises(RuleViolation, match="撤销，请另选调解组织"):
        ways.opened(ground, house)
    assert [line.opened for line in figures_of_bodies(ground.manager, STARTS, today)] == [1]


def test_an_ended_body_is_taken_up_again_with_its_history(ground: Ground, house: House) -> None:
    actions.end_body(house.body, actor=ground.town_manager, ends_on=timezone.localdate(), reason="撤并")
    entry = BodyEntry("town", "巨日合镇人民调解委员会", "巨日合调")
    again = actions.set_up_body(ground.committee, entry, actor=ground.town_manager, starts_on=timezone.localdate())
    assert again.pk == house.body.pk
    assert (again.ends_on, again.starts_on) == (None, STARTS)
    assert again.mediators.count() == 2


def test_rooms_are_named_once_and_closed_only_when_nothing_is_planned_there(ground: Ground, house: House) -> None:
    manager = ground.town_manager
    refusal(RuleViolation, "name", lambda: actions.add_room(house.body, "第一调解室", actor=manager))
    refusal(BadInput, "name", lambda: actions.add_room(house.body, " ", actor=manager))
    mediation = ways.running(ground, house)
    session = ways.planned(ground, mediation, house)
    assert "1 场" in refusal(InvalidTransition, None, lambda: actions.close_room(house.room, actor=manager))
    actions.cancel_session(session, actor=ground.town_dispatcher, reason="改天")
    assert not actions.close_room(house.room, actor=manager).is_active
    refusal(RuleViolation, "room", lambda: ways.planned(ground, mediation, house))
    assert actions.open_room(house.room, actor=manager).is_active
    refusal(PermissionDenied, None, lambda: actions.close_room(house.room, actor=ground.town_dispatcher))


def test_the_manager_of_a_body_keeps_its_people_and_rooms_but_not_others(ground: Ground, house: House) -> None:
    Posting.objects.create(
        user=ground.other_handler, organisation=ground.committee, role=Role.MANAGER, starts_on=STARTS
    )
    own = fresh(ground.other_handler)
    assert actions.add_room(house.body, "二室", actor=own).pk
    assert ways.actions.appoint_mediator(house.body, MediatorEntry("新人"), actor=own, starts_on=STARTS).pk
    body = set_up(ground)
    refusal(PermissionDenied, None, lambda: actions.add_room(body, "二室", actor=own))


def test_an_account_gets_the_post_with_the_appointment_and_loses_it_with_the_end(ground: Ground, house: House) -> None:
    manager = ground.town_manager
    entry = MediatorEntry("赵敏", username="OTHER_HANDLER", specialities=("09",))
    mediator = actions.appoint_mediator(house.body, entry, actor=manager, starts_on=STARTS)
    assert scope_of(fresh(ground.other_handler)).may_at(ground.committee, Capability.MEDIATE)
    again = lambda: actions.appoint_mediator(house.body, entry, actor=manager, starts_on=STARTS)  # noqa: E731
    refusal(RuleViolation, "username", again)
    today = timezone.localdate()
    actions.end_mediator(mediator, actor=manager, ends_on=today, reason="调离")
    assert not scope_of(fresh(ground.other_handler)).may_at(ground.committee, Capability.MEDIATE)
    assert Mediator.objects.get(pk=mediator.pk).ends_on == today
    refusal(InvalidTransition, None, lambda: actions.end_mediator(mediator, actor=manager, ends_on=today, reason="再"))
    assert again().pk != mediator.pk


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"kind": "chief"}, "kind"),
        ({"username": "nobody"}, "username"),
        ({"username": "auditor"}, "username"),
        ({"specialities": ("zz",)}, "specialities"),
        ({"starts_on": date(2020, 1, 1)}, "starts_on"),
    ],
)
def test_an_appointment_is_checked(changes: dict[str, Any], field: str, ground: Ground, house: House) -> None:
    values = {"name": "新人"} | changes
    day = values.pop("starts_on", STARTS)
    before = Mediator.objects.count()
    with pytest.raises(DomainError) as refused:
        actions.appoint_mediator(house.body, MediatorEntry(**values), actor=ground.town_manager, starts_on=day)
    assert refused.value.field == field
    assert Mediator.objects.count() == before


def test_an_account_is_given_to_a_mediator_but_never_changed_for_another(ground: Ground, house: House) -> None:
    change = lambda mediator, **values: actions.change_mediator(  # noqa: E731
        mediator, MediatorEntry(**values), actor=ground.town_manager
    )
    change(house.second, name="付德柱", username="handler", qualified_until=date(2028, 1, 1))
    assert scope_of(fresh(ground.handler)).may_at(ground.committee, Capability.MEDIATE)
    refusal(RuleViolation, "username", lambda: change(house.mediator, name="乌云", username="other_handler"))
    assert TrailEntry.objects.get(verb="mediator_changed").facts["fields"] == ["qualified_until", "user"]


def test_what_a_mediator_has_in_hand_goes_to_the_successor(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    ways.planned(ground, mediation, house)
    today, manager = timezone.localdate(), ground.town_manager
    end = lambda **more: actions.end_mediator(  # noqa: E731
        house.mediator, **({"actor": manager, "ends_on": today, "reason": "退休"} | more)
    )
    refusal(RuleViolation, "successor", end)
    refusal(RuleViolation, "successor", lambda: end(successor=house.mediator))
    assert Mediator.objects.get(pk=house.mediator.pk).ends_on is None
    end(successor=house.second)
    assert list(mediation.mediators.all()) == [house.second]
    assert Booking.objects.get(mediator__isnull=False).mediator == house.second
    assert TrailEntry.objects.filter(verb="mediator_exchanged").count() == 1
    with pytest.raises(RuleViolation, match="在任"):
        ways.opened(ground, house)


def test_who_was_recused_in_a_case_does_not_take_it_over(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house, mediators=[house.mediator, house.second])
    actions.recuse_mediator(mediation, actor=ground.town_dispatcher, mediator=house.second, reason="亲属", granted=True)
    assert Recusal.objects.count() == 1
    refusal(
        RuleViolation,
        "successor",
        lambda: actions.end_mediator(
            house.mediator,
            actor=ground.town_manager,
            ends_on=timezone.localdate(),
            reason="退休",
            successor=house.second,
        ),
    )


def test_teams_are_kept_for_the_county(ground: Ground) -> None:
    team = actions.add_team("警司联调", ["派出所", "司法所", " 司法所 "], "邻里", actor=ground.manager)
    assert team.members == ["派出所", "司法所"]
    refusal(RuleViolation, "name", lambda: actions.add_team("警司联调", ["甲", "乙"], actor=ground.system_admin))
    refusal(RuleViolation, "members", lambda: actions.add_team("一家", ["甲"], actor=ground.manager))
    refusal(PermissionDenied, None, lambda: actions.add_team("镇里", ["甲", "乙"], actor=ground.town_manager))
    actions.change_team(team, "警司村联调", ["派出所", "司法所", "村委会"], actor=ground.manager, version=1)
    refusal(VersionConflict, None, lambda: actions.retire_team(team, actor=ground.manager, version=1))
    assert not actions.retire_team(team, actor=ground.manager, version=2).is_active
    assert actions.restore_team(team, actor=ground.manager, version=3).is_active
    assert Team.objects.get(pk=team.pk).members[-1] == "村委会"
