"""What the phone pages load is kept on the phone by their service worker, so that they work without a network."""

import re
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.test import Client

FRAME = Path(settings.BASE_DIR) / "templates" / "grids" / "field" / "base.html"


def test_every_script_and_style_of_the_frame_is_kept_on_the_phone() -> None:
    worker = Client().get("/field/sw.js").content.decode()
    kept = re.search(r"KEPT_FILES = \[(.+)\]", worker)
    loaded = re.findall(r"<(?:script src|link rel=\"stylesheet\" href)=\"{% static '([^']+)' %}\"", FRAME.read_text())
    assert len(loaded) > 8
    assert kept
    assert {static(name) for name in loaded} <= set(re.findall(r'"([^"]+)"', kept[1].replace("\\u002D", "-")))


def test_the_worker_runs_the_script_that_is_checked_and_tested() -> None:
    worker = Client().get("/field/sw.js")
    assert f'importScripts("{static("js/field/worker.js")}");' in worker.content.decode()
    assert worker["Content-Type"] == "text/javascript"
