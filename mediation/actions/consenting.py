"""What the parties say to being mediated, and that they were told their rights and duties before."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from intake.models import Party
from intake.queries.groups import why_group_cannot_act
from mediation.actions._locking import (
    acting_guardian,
    done,
    locked_for,
    move,
    not_in_future,
    parties_named,
    require_open,
    sides,
)
from mediation.lifecycle import Event, State
from mediation.models import Consent, Mediation
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import RuleViolation, refuse_for
from zhongzhi.core.text import clean_text


@transaction.atomic
def record_consent(
    mediation: Mediation,
    answers: Mapping[str, bool],
    *,
    actor: User,
    on: date,
    how: str = "",
    hows: Mapping[str, str] | None = None,
    told_on: date | None,
) -> Mediation:
    """What the parties say to being mediated, by party uid; when both sides agree, the mediation begins.

    Each says it in a way of its own (`hows`), or as the others do (`how`); what was said before and is the same stays
    as it was.

    Who does not act alone agrees through the guardian (民法典 art. 23), members of a group through their
    representatives; RuleViolation where there are none. A side that refuses is not mediated (人民调解法 art. 17);
    rights and duties are told before (art. 23, 24).
    """
    mediation = locked_for(mediation, actor)
    require_open(mediation)
    not_in_future(on, field="on")
    if told_on is None:
        raise RuleViolation("请先向当事人告知权利义务，并填写告知日期。", field="told_on")
    refuse_for(why_group_cannot_act(mediation.case))
    for party in parties_named(mediation.case, answers, field="answers"):
        own = clean_text((hows or {}).get(str(party.uid)) or how, field="how", max_length=40)
        _note_consent(mediation, party, agreed=answers[str(party.uid)], on=on, how=own)
    mediation.rights_told_on = not_in_future(told_on, field="told_on")
    mediation.save(update_fields=["rights_told_on"])
    if mediation.status == State.OPENED and _all_agree(mediation):
        move(mediation, Event.CONSENT, started_at=timezone.now())
    done(
        mediation, actor, Verb.CONSENT_NOTED, agreed=sum(answers.values()), refused=list(answers.values()).count(False)
    )
    return mediation


def _note_consent(mediation: Mediation, party: Party, *, agreed: bool, on: date, how: str) -> None:
    guardian = acting_guardian(party, field="answers") if agreed else None
    known = Consent.objects.filter(mediation=mediation, party=party).first()
    if known is None or (known.agreed, known.how, known.guardian) != (agreed, how, guardian):
        values = {"agreed": agreed, "on": on, "how": how, "guardian": guardian}
        Consent.objects.update_or_create(mediation=mediation, party=party, defaults=values)


def _all_agree(mediation: Mediation) -> bool:
    agreed = set(mediation.consents.filter(agreed=True).values_list("party_id", flat=True))
    wanted = sides(mediation.case)
    return bool(wanted) and all(party.pk in agreed for party in wanted)
