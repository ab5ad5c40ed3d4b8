"""The demo county's mediation: made once, tied to the accounts that exist."""

from grids.models import Organisation, OrganisationKind
from mediation.demo import make_mediation
from mediation.models import Body, Mediator
from tests.people import STARTS, Ground


def test_rooms_and_committees_are_made_once_with_the_mediators_that_have_accounts(ground: Ground) -> None:
    Organisation.objects.create(
        name="巨日合镇人民调解委员会",
        short_name="巨日合镇调委会",
        kind=OrganisationKind.MEDIATION_COMMITTEE,
        territory=ground.places["150526103"],
        starts_on=STARTS,
    )
    assert make_mediation() == 2
    assert make_mediation() == 0
    assert set(Body.objects.values_list("kind", flat=True)) == {"branded", "town"}
    assert Mediator.objects.get(name="那顺").user == ground.mediator
