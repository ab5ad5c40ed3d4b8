"""Places and organisations over REST."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grids.models import Organisation, OrganisationKind
from tests.intake.api import as_person, problem_of
from tests.people import STARTS, Ground

pytestmark = pytest.mark.django_db


def test_places_are_listed_by_level_parent_and_prefix(ground: Ground) -> None:
    client = as_person(ground.handler)

    def codes(query: str) -> list[str]:
        return [row["code"] for row in client.get(f"/api/v1/territories/?{query}").json()["results"]]

    assert codes("level=9") == ["150526100", "150526103"]
    assert codes("parent=150526103") == ["150526103200", "150526103201"]
    assert codes("within=150526103200") == ["150526103200", "150526103200001"]
    assert codes("q=五家子") == ["150526103200", "150526103200001"]


def test_a_retired_place_is_read_by_its_code_but_not_listed(ground: Ground) -> None:
    place = ground.places["150526103201"]
    place.ends_on = STARTS.replace(year=2026)
    place.save()
    client = as_person(ground.handler)
    assert client.get("/api/v1/territories/150526103201/").json()["ends_on"] == "2026-01-01"
    listed = client.get("/api/v1/territories/?within=150526103201").json()["results"]
    assert [row["code"] for row in listed] == ["150526103201001"]


def test_the_padded_code_finds_the_place(ground: Ground) -> None:
    row = as_person(ground.handler).get("/api/v1/territories/150526103000/").json()
    assert (row["code"], row["code12"], row["level_label"]) == ("150526103", "150526103000", "乡级")


def test_organisations_are_listed_by_kind_and_place(ground: Ground) -> None:
    client = as_person(ground.handler)
    rows = client.get("/api/v1/organisations/?kind=centre&within=150526103").json()["results"]
    assert [row["name"] for row in rows] == ["巨日合镇综治中心", "五家子村综治中心"]
    assert client.get(f"/api/v1/organisations/{rows[0]['id']}/").json()["kind_label"] == "综治中心"


def test_what_is_not_there_is_404_and_what_is_not_known_400(ground: Ground) -> None:
    client = as_person(ground.handler)
    assert problem_of(client.get("/api/v1/territories/999999/"))[0] == 404
    assert problem_of(client.get("/api/v1/organisations/999999/"))[0] == 404
    assert problem_of(client.get("/api/v1/organisations/?kind=shop")) == (400, "invalid", ["kind"])
    assert problem_of(client.get("/api/v1/territories/?lvl=9")) == (400, "invalid", ["lvl"])


def test_the_list_runs_the_same_queries_for_10_and_for_200_organisations(ground: Ground) -> None:
    kind, place = OrganisationKind.LAW_FIRM, ground.places["150526"]
    Organisation.objects.bulk_create(
        Organisation(name=f"律所{n}", short_name=f"律所{n}", kind=kind, territory=place, starts_on=STARTS)
        for n in range(200)
    )
    client = as_person(ground.handler)
    client.get("/api/v1/organisations/")
    counts = []
    for limit in (10, 200):
        with CaptureQueriesContext(connection) as caught:
            assert len(client.get(f"/api/v1/organisations/?limit={limit}").json()["results"]) == limit
        counts.append(len(caught))
    assert counts[0] == counts[1]
