"""Who sits at the desks: the stock people, a mediator, a policeman, a second leader, and the court's book of outside
organisations; letters that hold something against somebody are reviewed before they are signed."""

from random import Random

from django.utils import timezone

from grids.actions import post_person
from grids.actions.outside import OutsideFacts, enter_outside_organisation
from grids.models import Organisation, Role
from referrals.actions.kinds import change_kind
from referrals.models import DocumentKind
from tests.desks.desk import Desk, Findings
from tests.mediation import ways as talks
from tests.people import STARTS, Ground
from zhongzhi.accounts.actions import create_user

WHO = ("clerk", "dispatcher", "manager", "leader", "other_leader", "handler", "other_handler", "mediator", "town_clerk",
       "town_dispatcher", "town_manager", "town_handler", "village_manager", "town_mediator", "police", "stranger",
       "system_admin", "auditor", "grid_worker")  # fmt: skip


def at_work(ground: Ground, seed: int) -> dict[str, Desk]:
    """A desk for everybody."""
    talks.a_house(ground)
    talks.a_branded_room(ground)
    _posted(ground, "police", "包警官", ground.juri_police, Role.HANDLER)
    _posted(ground, "other_leader", "韩书记", ground.politics_and_law, Role.LEADER)
    for kind in DocumentKind.objects.filter(code__in=("supervision", "recommendation")):
        words = {name: getattr(kind, name) for name in ("subject_template", "body_template")}
        change_kind(kind, actor=ground.manager, starts_on=timezone.localdate(), reviewed=True, **words)
    enter_outside_organisation(OutsideFacts("通辽市中级人民法院", "court", "通辽市科尔沁区"), actor=ground.manager)
    found, rng = Findings(), Random(seed)
    return {name: Desk(ground.people[name], rng, found) for name in WHO}


def _posted(ground: Ground, username: str, name: str, organisation: Organisation, role: Role) -> None:
    ground.people[username] = create_user(username=username, name=name)
    post_person(ground.people[username], organisation, role, starts_on=STARTS)
