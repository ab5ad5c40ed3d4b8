"""Who sits at the desks: the stock people, a mediator, a policeman, and the court's book of outside organisations."""

from random import Random

from grids.actions import post_person
from grids.actions.outside import OutsideFacts, enter_outside_organisation
from grids.models import Role
from tests.desks.desk import Desk, Findings
from tests.mediation import ways as talks
from tests.people import STARTS, Ground
from zhongzhi.accounts.actions import create_user

WHO = ("clerk", "dispatcher", "manager", "leader", "handler", "other_handler", "mediator", "town_clerk",
       "town_dispatcher", "town_manager", "town_handler", "village_manager", "town_mediator", "police", "stranger",
       "system_admin", "auditor", "grid_worker")  # fmt: skip


def at_work(ground: Ground, seed: int) -> dict[str, Desk]:
    """A desk for everybody."""
    talks.a_house(ground)
    talks.a_branded_room(ground)
    police = create_user(username="police", name="包警官")
    post_person(police, ground.juri_police, Role.HANDLER, starts_on=STARTS)
    ground.people["police"] = police
    enter_outside_organisation(OutsideFacts("通辽市中级人民法院", "court", "通辽市科尔沁区"), actor=ground.manager)
    found, rng = Findings(), Random(seed)
    return {name: Desk(ground.people[name], rng, found) for name in WHO}
