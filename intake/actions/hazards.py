"""A hazard found in the field becomes a case: one act, and nothing is typed again."""

from django.db import transaction

from grids.actions.hazard_cases import hand_on, lock_to_hand_on
from grids.models import Hazard, HazardSource, Organisation
from grids.queries import centres_over, centres_served_by
from intake.actions.register import register_case
from intake.entries import CaseEntry, PartyEntry
from intake.models import Attachment, Case, Channel, HazardCase, PartySide
from intake.permissions import may_register_at
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record


@transaction.atomic
def register_from_hazard(hazard: Hazard, *, actor: User) -> Case:
    """Register what was found as a case of the actor's centre, with its people, place, level, photos and videos.

    Raises InvalidTransition when it is a case already (`context["case"]` is its code) or settled, PermissionDenied
    for a person who does not register.
    """
    hazard = lock_to_hand_on(hazard, actor=actor)
    case = register_case(entry_of(hazard), actor=actor, centre=_centre_for(hazard, actor))
    HazardCase.objects.create(case=case, hazard=hazard)
    files = [
        Attachment(case=case, file_id=row.file_id, note="排查时拍摄", added_by_id=row.added_by_id)
        for row in hazard.files.all()
    ]
    Attachment.objects.bulk_create(files)
    record(actor, Verb.FROM_HAZARD, case, hazard=hazard.pk, files=len(files))
    hand_on(hazard, actor=actor, case_code=str(case.code))
    return case


def _centre_for(hazard: Hazard, actor: User) -> Organisation | None:
    """Of several centres at which the person registers the nearest over the place; None where there is no choice."""
    own = [centre for centre in centres_served_by(actor) if may_register_at(actor, centre)]
    if len(own) < 2:
        return None
    over = [centre for centre in centres_over(hazard.territory) if centre in own]
    return [*over, *own][0]


def entry_of(hazard: Hazard) -> CaseEntry:
    """What is known of the hazard, as the entry of a case. Its level is the risk; complexity is left to the triage."""
    told = PartyEntry(name=hazard.reporter_name, name_withheld=not hazard.reporter_name, phone=hazard.reporter_phone)
    other = PartyEntry(side=PartySide.RESPONDENT, name=hazard.other_side)
    place = hazard.territory.current_code
    return CaseEntry(
        narrative=hazard.narrative,
        territory=place,
        place_detail=hazard.place_detail,
        channel=Channel.FIELD if hazard.source == HazardSource.GROUP else Channel.PATROL,
        risk=hazard.level,
        parties=(told, other) if hazard.other_side else (told,),
    )
