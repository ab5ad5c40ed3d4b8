"""The phone page can be put on a home screen: a manifest with icons of the sizes that browsers ask for."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from devkit.icons import FILES, FOLDER, icon

MANIFEST = "/field/app.webmanifest"


def test_the_manifest_has_what_installing_asks_for() -> None:
    facts = Client().get(MANIFEST).json()
    assert (facts["start_url"], facts["scope"], facts["display"], facts["id"]) == (
        "/field/", "/field/", "standalone", "/field/",
    )  # fmt: skip
    assert facts["name"]
    assert {(i["sizes"], i["purpose"]) for i in facts["icons"] if i["type"] == "image/png"} == {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    }  # fmt: skip


def test_every_icon_is_there_in_the_size_it_says() -> None:
    for line in Client().get(MANIFEST).json()["icons"]:
        path = finders.find(line["src"].removeprefix(settings.STATIC_URL))
        assert path, line["src"]
        if line["type"] == "image/png":
            with Image.open(Path(str(path))) as image:
                assert f"{image.width}x{image.height}" == line["sizes"]


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_what_the_script_draws(name: str) -> None:
    side, maskable = FILES[name]
    fresh = icon(side, maskable=maskable)
    with Image.open(FOLDER / name) as stored:
        spots = [(0, 0), (side // 2, side // 2), (side // 2, side // 4), (side * 3 // 10, side * 6 // 10)]
        assert [stored.getpixel(spot) for spot in spots] == [fresh.getpixel(spot) for spot in spots]
        corner = stored.getpixel((0, 0))
    assert corner[3] == (255 if maskable else 0), "a maskable icon fills its square"
