"""Who may answer a complaint: a centre above those whom it is about."""

from collections.abc import Iterable

from django.db.models import Q

from grids.models import Level, Organisation
from intake.models import Case, PartyRole
from intake.sight import COUNTY, VILLAGE


def accused_of(case: Case) -> list[Organisation]:
    """The works of those whom a case complains of; nothing for one that complains of nobody."""
    parties = case.parties.filter(role=PartyRole.ACCUSED).select_related("works_at__territory")
    return [party.works_at for party in parties if party.works_at is not None]


def organisations_concerned(case: Case) -> Q:
    """The organisations that a complaint is about, and those of the same village or town below the tier that answers:
    they are not handed the case and do not help with it."""
    concerned = Q(pk__in=[])
    for organisation in accused_of(case):
        if organisation.pk == case.centre_id:
            continue
        concerned |= Q(pk=organisation.pk)
        code = organisation.territory.current_code
        if len(code) > COUNTY and (organisation.is_centre or len(code) >= VILLAGE):
            concerned |= Q(territory__current_code__startswith=code)
    return concerned


def standing_above(accused: Iterable[Organisation], centre: str = "") -> Q:
    """Centres that stand above all of these: one of a county or higher does, one of a town above its villages only.

    `centre` is the way to the centre from the rows that are asked, such as ``centre__``.
    """
    fitting = Q()
    for organisation in accused:
        code = organisation.territory.current_code
        towns = [code[:digits] for digits in (Level.TOWN, Level.VILLAGE) if digits < len(code)]
        above = Q(**{f"{centre}territory__current_code__in": towns})
        fitting &= Q(**{f"{centre}territory__level__lte": Level.COUNTY}) | above
    return fitting


def answered_above(case: Case) -> Q:
    """The cases that are answered above those whom this one complains of, and are not in their hands; all cases, for
    one that complains of nobody."""
    fitting = standing_above(accused_of(case), "centre__")
    return fitting & ~Q(holder__in=Organisation.objects.filter(organisations_concerned(case))) if fitting else fitting
