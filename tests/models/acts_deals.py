"""Agreements: drafted, signed, performed, broken and led on, changed; confirmed by the court."""

from datetime import timedelta
from typing import Any

from mediation import actions
from mediation.actions import AgreementDraft, ObligationDraft
from tests.mediation import ways
from tests.models import office
from tests.models.acts import Act, Model, Product, act
from tests.models.acts_talks import goes_on, mediates
from tests.models.rows import Deal, Part, Ruling, Talk
from tests.models.sight import at_window
from zhongzhi.accounts.models import User

STANDING = ("in_force", "breached")
Case = tuple[Deal, Ruling]


def take_force(m: Model, who: str, deal: Deal) -> None:
    """In force: the mediation is over, and the case where nobody else works on it."""
    deal.status = "in_force"
    last = office.due(m.now, 30, "day")
    deal.confirm_by = last.date() if last is not None else None
    talk = deal.talk
    talk.matter.end_talk(talk, "agreed")
    if talk.matter.concludes_with(talk):
        assert talk.matter.lead is not None
        talk.matter.conclude(talk.matter.lead.org, "", m.now)
        talk.matter.reporter = who


def sides_of(agreement: Any) -> int:
    """How many parties sign."""
    return int(agreement.mediation.case.parties.filter(role="principal").exclude(side="third").count())


@act
class TakeBackSignatures(Act):
    on = "deals"
    weight = 1

    def allowed(self, m: Model, who: str, deal: Deal, option: None) -> bool:
        return mediates(who, deal.talk) and deal.status == "draft"

    def run(self, p: Product, who: User, deal: Deal, option: None) -> Any:
        return actions.withdraw_signatures(p.agreement(deal), actor=who, reason="数字写错")

    def then(self, m: Model, who: str, deal: Deal, option: None, result: Any) -> None:
        deal.signed = False


@act
class Revise(Act):
    on = "deals"
    weight = 10

    def allowed(self, m: Model, who: str, deal: Deal, option: None) -> bool:
        """Of a case in handling again; another mediation may not be open in the same mode or before the same body."""
        talk = deal.talk
        others = [other for other in talk.matter.talks if other.is_open and other is not talk]
        busy = any(other.mode == talk.mode or other.org == talk.org for other in others)
        fits = deal.status in STANDING and talk.status == "agreed" and talk.matter.status == "handling"
        return mediates(who, talk) and fits and not busy

    def run(self, p: Product, who: User, deal: Deal, option: None) -> Any:
        return actions.revise_agreement(p.agreement(deal), actor=who, reason="法院驳回确认")

    def then(self, m: Model, who: str, deal: Deal, option: None, result: Any) -> None:
        deal.status, talk = "replaced", deal.talk
        talk.status = "running"
        talk.work = talk.matter.begin_talk(talk.org, talk.limit, m.now)


@act
class LeadOn(Act):
    on = "deals"
    weight = 10

    def allowed(self, m: Model, who: str, deal: Deal, option: None) -> bool:
        return mediates(who, deal.talk) and deal.status == "breached"

    def run(self, p: Product, who: User, deal: Deal, option: None) -> Any:
        return actions.lead_on(p.agreement(deal), actor=who, road="litigation", note="申请人起诉")

    def then(self, m: Model, who: str, deal: Deal, option: None, result: Any) -> None:
        for part in deal.parts:
            part.released = part.released or not part.performed
        deal.talk.matter.roads.setdefault("litigation", deal.talk.org)


@act
class ExtendRuling(Act):
    on = "rulings"
    weight = 4

    def allowed(self, m: Model, who: str, pair: Case, option: None) -> bool:
        deal, ruling = pair
        return mediates(who, deal.talk) and ruling.status == "accepted" and not ruling.extended

    def run(self, p: Product, who: User, pair: Case, option: None) -> Any:
        return actions.extend_ruling(p.confirmation(pair[1]), actor=who)

    def then(self, m: Model, who: str, pair: Case, option: None, result: Any) -> None:
        pair[1].extended = True


@act
class DraftDeal(Act):
    on = "talks"
    weight = 8

    def options(self, m: Model, talk: Talk) -> Any:
        return (("written", 3), ("written", 0), ("oral", 10))

    def allowed(self, m: Model, who: str, talk: Talk, option: tuple[str, int]) -> bool | None:
        """Once all sides agreed to be mediated; written again while nobody signed. A side nobody named owes nothing."""
        free = talk.deal is None or (talk.deal.status == "draft" and not talk.deal.signed)
        if not (goes_on(who, talk) and talk.status == "running" and free):
            return False
        return None if talk.matter.found_at else True

    def run(self, p: Product, who: User, talk: Talk, option: tuple[str, int]) -> Any:
        mediation, (form, days) = p.mediation(talk), option
        sides = {party.side: str(party.uid) for party in mediation.case.parties.order_by("-ordinal", "-pk")}
        debtor, creditor = sides.get("respondent", ""), sides.get("applicant", "")
        due = p.today + timedelta(days=days)
        owed = [
            ObligationDraft(debtor=debtor, creditor=creditor, kind="land", what=f"归还土地{n}垄", parts=[(due, None)])
            for n in (1, 2)
        ]
        deal = AgreementDraft("土地少三垄。", "各自归还，不再争执。", p.today, form=form, obligations=owed)
        return actions.draft_agreement(mediation, deal, actor=who)

    def then(self, m: Model, who: str, talk: Talk, option: tuple[str, int], result: Any) -> None:
        deal = talk.deal or Deal(result.pk, talk)
        if deal not in talk.deals:
            talk.deals.append(deal)
        due = m.today + timedelta(days=option[1])
        deal.form, deal.parts = option[0], [Part(row.pk, due) for row in ways.instalments(result)]


@act
class TakeOralForce(Act):
    on = "deals"
    weight = 16

    def allowed(self, m: Model, who: str, deal: Deal, option: None) -> bool:
        return goes_on(who, deal.talk) and (deal.status, deal.form) == ("draft", "oral")

    def run(self, p: Product, who: User, deal: Deal, option: None) -> Any:
        return actions.take_oral_force(p.agreement(deal), actor=who)

    def then(self, m: Model, who: str, deal: Deal, option: None, result: Any) -> None:
        take_force(m, who, deal)
        last = office.due(m.now, 30, "day")
        deal.confirm_by = None if last is None or result.reached_on != m.today else last.date()


@act
class SignDeal(Act):
    on = "deals"
    weight = 16

    def options(self, m: Model, deal: Deal) -> Any:
        return (True, True, False)

    def allowed(self, m: Model, who: str, deal: Deal, option: bool) -> bool:
        return goes_on(who, deal.talk) and (deal.status, deal.form) == ("draft", "written")

    def run(self, p: Product, who: User, deal: Deal, option: bool) -> Any:
        agreement = p.agreement(deal)
        missing = ways.all_signatures(agreement)
        return actions.sign_agreement(agreement, missing if option else missing[:1], actor=who)

    def then(self, m: Model, who: str, deal: Deal, option: bool, result: Any) -> None:
        deal.signed = True
        if option or result.signings.count() == result.mediation.mediators.count() + 1 + sides_of(result):
            take_force(m, who, deal)


@act
class Perform(Act):
    on = "parts"
    weight = 12

    def allowed(self, m: Model, who: str, pair: tuple[Deal, Part], option: None) -> bool:
        deal, part = pair
        may = mediates(who, deal.talk) or at_window(who, deal.talk.matter)
        return may and deal.status in STANDING and not part.performed

    def run(self, p: Product, who: User, pair: tuple[Deal, Part], option: None) -> Any:
        return actions.perform(p.instalment(pair[1]), actor=who, on=p.today, note="已当面归还", proofs=[ways.photo()])

    def then(self, m: Model, who: str, pair: tuple[Deal, Part], option: None, result: Any) -> None:
        deal, part = pair
        part.performed = True
        if all(one.performed or one.released for one in deal.parts):
            deal.status = "performed"


@act
class Apply(Act):
    on = "deals"
    weight = 10

    def allowed(self, m: Model, who: str, deal: Deal, option: None) -> bool | None:
        """Both sides together, within thirty days of its force, once."""
        asked = deal.confirmed or any(ruling.status in ("applied", "accepted") for ruling in deal.rulings)
        if not mediates(who, deal.talk) or deal.status not in (*STANDING, "performed") or asked:
            return False
        return None if deal.confirm_by is None else m.today <= deal.confirm_by

    def run(self, p: Product, who: User, deal: Deal, option: None) -> Any:
        agreement = p.agreement(deal)
        parties = [str(party.uid) for party in agreement.mediation.case.parties.all()]
        court = p.organisations["court"]
        return actions.apply_for_confirmation(agreement, actor=who, court=court, applicants=parties, on=p.today)

    def then(self, m: Model, who: str, deal: Deal, option: None, result: Any) -> None:
        deal.rulings.append(Ruling(result.pk))


@act
class TakeApplication(Act):
    on = "rulings"
    weight = 10

    def options(self, m: Model, pair: Case) -> Any:
        return (True, True, False)

    def allowed(self, m: Model, who: str, pair: Case, option: bool) -> bool:
        deal, ruling = pair
        return mediates(who, deal.talk) and ruling.status == "applied"

    def run(self, p: Product, who: User, pair: Case, option: bool) -> Any:
        return actions.record_acceptance(
            p.confirmation(pair[1]),
            actor=who,
            accepted=option,
            on=p.today,
            case_number="（2026）内0526调确字第12号",
            refusal="不属本院管辖",
        )

    def then(self, m: Model, who: str, pair: Case, option: bool, result: Any) -> None:
        pair[1].status = "accepted" if option else "not_accepted"


@act
class Rule(Act):
    on = "rulings"
    weight = 10

    def options(self, m: Model, pair: Case) -> Any:
        return (True, False)

    def allowed(self, m: Model, who: str, pair: Case, option: bool) -> bool:
        deal, ruling = pair
        return mediates(who, deal.talk) and ruling.status == "accepted"

    def run(self, p: Product, who: User, pair: Case, option: bool) -> Any:
        return actions.record_ruling(
            p.confirmation(pair[1]), actor=who, confirmed=option, on=p.today, refusal="内容不明确"
        )

    def then(self, m: Model, who: str, pair: Case, option: bool, result: Any) -> None:
        deal, ruling = pair
        ruling.status = "confirmed" if option else "rejected"
        deal.confirmed = deal.confirmed or option
