"""The people of the load: accounts, posts and a session for every browser, in the demo county."""

import json
import os
import sys
from pathlib import Path
from typing import Any

WINDOWS, WORKERS = 20, 50
SESSIONS = {"window": 10, "phone": 40}
"""Browsers of one account: each has a session of its own."""


def prepared() -> dict[str, Any]:
    """Make those who are missing, and sign everybody in."""
    from devkit.demo.county.people import CENTRE, GRID, STARTS
    from grids.actions import post_person
    from grids.models import Organisation, Role, Territory
    from intake.models import Case
    from zhongzhi.accounts.actions import create_user
    from zhongzhi.accounts.models import User

    grid = Territory.objects.get(code=GRID)
    kinds = {
        "window": (WINDOWS, Organisation.objects.get(name=CENTRE), Role.CLERK, None),
        "phone": (WORKERS, Organisation.objects.get(name="巨日合镇五家子村综治中心"), Role.GRID_WORKER, grid),
    }
    sessions: dict[str, list[str]] = {kind: [] for kind in kinds}
    for kind, (number, place, role, area) in kinds.items():
        for at in range(number):
            name = f"load-{kind}-{at}"
            user = User.objects.filter(username=name).first()
            if user is None:
                user = create_user(username=name, name=f"压测{at}")
                post_person(user, place, role, starts_on=STARTS, area=area)
            sessions[kind] += [_session(user) for _ in range(SESSIONS[kind])]
    cases = Case.objects.filter(centre__name=CENTRE).exclude(status="draft").order_by("-pk")
    codes = list(cases.values_list("code", flat=True)[:300])
    return {"sessions": sessions, "cases": codes, "place": "150526103200", "grid": GRID}


def _session(user: Any) -> str:
    from django.test import Client

    browser = Client()
    browser.force_login(user)
    return str(browser.cookies["sessionid"].value)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongzhi.settings")
    import django

    django.setup()
    Path(sys.argv[1]).write_text(json.dumps(prepared()))
