"""Outlines of places: loaded whole or not at all, shown where one may look."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.intake import ways
from tests.people import Ground
from workbench.actions import load_shapes
from workbench.models import PlaceShape
from zhongzhi.core.errors import RuleViolation

pytestmark = pytest.mark.django_db
SQUARE = [[[121.0, 44.0], [121.1, 44.0], [121.1, 44.1], [121.0, 44.0]]]


def feature(code: str, kind: str = "Polygon") -> dict[str, Any]:
    return {"type": "Feature", "properties": {"code": code}, "geometry": {"type": kind, "coordinates": SQUARE}}


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def test_outlines_are_loaded_by_command_and_again(ground: Ground, tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "map.json"
    file.write_text(json.dumps(collection(feature("150526103000"), feature("150526100"))), encoding="utf-8-sig")
    call_command("load_map", file)
    call_command("load_map", file)
    assert PlaceShape.objects.count() == 2
    client = Client()
    client.force_login(ground.leader)
    ways.accepted(ground)
    shapes = client.get("/figures/map/?place=150526").json()["features"]
    assert [shape["properties"]["name"] for shape in shapes] == ["150526100", "150526103"]
    assert "data-map" in client.get("/figures/").content.decode()
    client.force_login(ground.stranger)
    assert client.get("/figures/map/?place=150526").status_code == 404


@pytest.mark.parametrize("wrong", [
    [], {}, collection(), collection(feature("999999")), collection(feature("150526103", "Point")), collection("x"),
    collection({"type": "Feature", "properties": {"code": "150526103"}, "geometry": None}),
])  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_kept(wrong: Any, ground: Ground) -> None:
    good = collection(feature("150526100"))
    if isinstance(wrong, dict) and wrong.get("features"):
        wrong = collection(*good["features"], *wrong["features"])
    with pytest.raises(RuleViolation):
        load_shapes(wrong)
    assert not PlaceShape.objects.exists()


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "map.json").write_text("no json")
    with pytest.raises(CommandError):
        call_command("load_map", tmp_path / "map.json")
