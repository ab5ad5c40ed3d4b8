"""Mediation: opened, consented to, given more time, ended without an agreement or taken back."""

from typing import Any

from mediation import actions
from mediation.actions import Opening
from tests.models import office
from tests.models.acts import Act, Model, Product, act
from tests.models.matters import AT_REST, Matter
from tests.models.rows import Talk
from tests.models.sight import sorts, takes_on, works_on
from zhongzhi.accounts.models import User


def mediates(who: str, talk: Talk) -> bool:
    """People of the mediating organisation, and those who sort at the centre that answers for the case."""
    return office.at(who, talk.org, office.WORKERS) or sorts(who, talk.matter)


def goes_on(who: str, talk: Talk) -> bool:
    """Led by who may, open, of a case that is not at rest."""
    return mediates(who, talk) and talk.is_open and talk.matter.status not in AT_REST


@act
class Extend(Act):
    on = "talks"
    weight = 1

    def allowed(self, m: Model, who: str, talk: Talk, option: None) -> bool:
        """All sides agree to it; once, and never while the case rests or where the statute knows none."""
        limit = talk.matter.limit(talk.limit, talk.work)
        left = limit is not None and limit.extended < limit.most
        return goes_on(who, talk) and left and not talk.matter.stands_still

    def run(self, p: Product, who: User, talk: Talk, option: None) -> Any:
        return actions.extend_mediation(p.mediation(talk), actor=who, on=p.today)

    def then(self, m: Model, who: str, talk: Talk, option: None, result: Any) -> None:
        limit = talk.matter.limit(talk.limit, talk.work)
        assert limit is not None
        limit.extended += 1
        limit.due = None


@act
class Cancel(Act):
    on = "talks"
    weight = 1

    def allowed(self, m: Model, who: str, talk: Talk, option: None) -> bool:
        return goes_on(who, talk)

    def run(self, p: Product, who: User, talk: Talk, option: None) -> Any:
        return actions.cancel_mediation(p.mediation(talk), actor=who, reason="误开")

    def then(self, m: Model, who: str, talk: Talk, option: None, result: Any) -> None:
        talk.matter.end_talk(talk, "cancelled")


@act
class EndWithout(Act):
    on = "talks"
    weight = 2

    def options(self, m: Model, talk: Talk) -> Any:
        return ("", "litigation")

    def allowed(self, m: Model, who: str, talk: Talk, option: str) -> bool:
        return goes_on(who, talk)

    def run(self, p: Product, who: User, talk: Talk, option: str) -> Any:
        told = ["litigation", "arbitration"]
        return actions.end_without_agreement(
            p.mediation(talk), actor=who, reason="apart", note="分歧过大", told=told, road=option
        )

    def then(self, m: Model, who: str, talk: Talk, option: str, result: Any) -> None:
        for deal in talk.deals:
            deal.status = "replaced" if deal.status == "draft" else deal.status
        talk.matter.end_talk(talk, "failed")
        if option and talk.matter.concludes_with(talk):
            assert talk.matter.lead is not None
            talk.matter.conclude(talk.matter.lead.org, option, m.now)
            talk.matter.reporter = who


@act
class OpenTalk(Act):
    weight = 10

    def options(self, m: Model, matter: Matter) -> Any:
        pairs = [(org, mode) for org, modes in office.BODIES.items() for mode in modes]
        return [(*pair, origin) for pair in pairs for origin in ("application", "committee")] + [
            ("committee", "branded", "application")
        ]

    def allowed(self, m: Model, who: str, matter: Matter, option: tuple[str, str, str]) -> bool:
        """A civil dispute, before a body that mediates so; one at a time in each mode, and before each body."""
        org, mode, _ = option
        works = any(works_on(who, work) for work in matter.open_works)
        may = takes_on(who, matter) if matter.status == "accepted" else takes_on(who, matter) or works
        fits = matter.status in ("accepted", "handling") and matter.is_civil and bool(matter.category)
        busy = any(talk.is_open and (talk.mode == mode or talk.org == org) for talk in matter.talks)
        return may and fits and not busy and mode in office.BODIES[org]

    def run(self, p: Product, who: User, matter: Matter, option: tuple[str, str, str]) -> Any:
        org, mode, origin = option
        opening = Opening(p.bodies[org], mode, origin, mediators=p.mediators[org])
        return actions.open_mediation(p.case(matter), opening, actor=who)

    def then(self, m: Model, who: str, matter: Matter, option: tuple[str, str, str], result: Any) -> None:
        org, mode, _ = option
        if matter.status == "accepted":
            matter.take_up(m.now, who)
        limit = "med_labour" if matter.category.startswith("07") else "mediate"
        work = matter.begin_talk(org, limit, m.now)
        matter.talks.append(Talk(result.pk, matter, org, mode, limit, work))


@act
class Consent(Act):
    on = "talks"
    weight = 12

    def options(self, m: Model, talk: Talk) -> Any:
        return (True, True, False) if talk.status != "running" else ()

    def allowed(self, m: Model, who: str, talk: Talk, option: bool) -> bool:
        return goes_on(who, talk)

    def run(self, p: Product, who: User, talk: Talk, option: bool) -> Any:
        mediation = p.mediation(talk)
        sides = mediation.case.parties.exclude(side="third")
        answers = {str(party.uid): option or party.side == "applicant" for party in sides}
        return actions.record_consent(mediation, answers, actor=who, on=p.today, how="当面", told_on=p.today)

    def then(self, m: Model, who: str, talk: Talk, option: bool, result: Any) -> None:
        both = {party.side for party in result.case.parties.all()} >= {"applicant", "respondent"}
        if talk.status == "opened" and (option or not both):
            talk.status, talk.was_held = "running", True
