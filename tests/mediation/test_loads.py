"""Where a mediator is chosen it stands there how much they have in hand, and when a session takes their time."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mediation.models import Mediator
from mediation.queries.loads import name_with_load, with_load
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import Ground
from zhongzhi.web.written_days import short_moment

pytestmark = pytest.mark.django_db


def test_a_mediator_is_offered_with_what_is_in_hand_and_the_next_session(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    starts = timezone.now() + timedelta(days=1)
    session = ways.planned(ground, mediation, house, starts_at=starts)
    chosen = mediation.mediators.get()
    words = {row.pk: name_with_load(row) for row in with_load(Mediator.objects.all())}
    assert words[chosen.pk] == f"{chosen.name}（在办 1 件，{short_moment(session.starts_at)} 有会期）"
    assert all("在办 0 件，一周内没有会期" in said for pk, said in words.items() if pk != chosen.pk)


def test_the_dialog_of_a_mediation_shows_it_and_is_found_in_by_initials(ground: Ground, house: House) -> None:
    case = ways.accepted(ground)
    client = Client()
    client.force_login(ground.town_dispatcher)
    page = client.get(f"/mediation/open/{case.code}/").content.decode()
    assert "在办 0 件，一周内没有会期" in page
