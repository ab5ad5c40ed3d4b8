"""What is typed into dialogs and not sent: kept sealed for who typed it, given back, forgotten when it was sent."""

import pytest

from tests.browsing import signed_in
from tests.intake import ways
from tests.people import Ground
from workbench.kept.actions import LARGEST
from workbench.kept.middleware import MARK
from workbench.models import KeptInput

pytestmark = pytest.mark.django_db
KEPT, FORGET = "/kept/", "/kept/forget/"


def test_what_was_typed_comes_back_on_another_machine_and_to_nobody_else(ground: Ground) -> None:
    place = "/cases/ZJ1/acts/report-outcome/"
    assert signed_in(ground.handler).post(KEPT, {"place": place, "text": "note=写了一半"}).status_code == 200
    assert signed_in(ground.handler).get(KEPT, {"place": place}).json()["text"] == "note=写了一半"
    assert signed_in(ground.dispatcher).get(KEPT, {"place": place}).status_code == 204
    assert signed_in(ground.handler).get(KEPT, {"place": "/cases/ZJ2/acts/report-outcome/"}).status_code == 204


def test_it_is_sealed_and_the_latest_wins(ground: Ground) -> None:
    client = signed_in(ground.handler)
    for text in ("note=第一次", "note=第二次"):
        client.post(KEPT, {"place": "/x/", "text": text})
    row = KeptInput.objects.get()
    assert row.text == "note=第二次"
    assert "第二次".encode() not in bytes(row.sealed)


def test_what_is_too_long_or_no_form_of_ours_is_refused(ground: Ground) -> None:
    client = signed_in(ground.handler)
    assert client.post(KEPT, {"place": "/x/", "text": "写" * LARGEST}).status_code == 413
    assert client.post(KEPT, {"place": "https://elsewhere.example/", "text": "x"}).status_code == 400
    assert client.post(KEPT, {"place": "/" + "x" * 200, "text": "x"}).status_code == 400
    assert not KeptInput.objects.exists()


def test_it_is_forgotten_when_the_act_is_done_and_not_when_it_is_refused(ground: Ground) -> None:
    case, client = ways.handling(ground), signed_in(ground.handler)
    place = f"/cases/{case.code}/acts/report-outcome/"
    client.post(KEPT, {"place": place, "text": "note=双方和解"})
    client.post(KEPT, {"place": "/other/", "text": "note=别处"})
    form = {"outcome": "", "note": "双方和解", "version": case.version, MARK: "1"}
    assert client.post(place, form).status_code == 422
    assert KeptInput.objects.filter(place=place).exists()
    assert client.post(place, {**form, "outcome": "peoples_mediation"})["HX-Redirect"]
    assert list(KeptInput.objects.values_list("place", flat=True)) == ["/other/"]


def test_it_is_thrown_away_on_demand(ground: Ground) -> None:
    client = signed_in(ground.handler)
    client.post(KEPT, {"place": "/x/", "text": "note=x"})
    assert signed_in(ground.dispatcher).post(FORGET, {"place": "/x/"}).status_code == 204
    assert KeptInput.objects.exists()
    client.post(FORGET, {"place": "/x/"})
    assert not KeptInput.objects.exists()
