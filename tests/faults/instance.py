"""One installation as a program of its own, with a database of its own: `python -m tests.faults.instance …`.

`prefecture NAME …` registers the counties that report and prints a token for each; `county URL TOKEN` sets up the
reporting; `live N` writes cases until there are N, reports them meanwhile and ends when nothing waits; `drain` reports
what is left.
"""

import json
import os
import sys
import threading
import time
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongzhi.settings")
django.setup()

from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from grids.actions.api_clients import ClientTerms, open_client  # noqa: E402
from grids.models import Organisation, Territory  # noqa: E402
from intake import actions  # noqa: E402
from intake.models import Case  # noqa: E402
from tests.people import ORGANISATIONS, Ground, an_entry, make_ground  # noqa: E402
from workbench.models import EventKind, Webhook  # noqa: E402
from workbench.webhooks.actions import Manner, open_webhook, resume_webhook  # noqa: E402
from workbench.webhooks.sweep import sweep_webhooks  # noqa: E402
from zhongzhi.accounts.actions import issue_token  # noqa: E402
from zhongzhi.accounts.models import User  # noqa: E402
from zhongzhi.notices.actions import CALLING, call_due  # noqa: E402
from zhongzhi.notices.models import CALLS, OutboxMessage  # noqa: E402

SCOPES = ("cases:read", "cases:register", "changes:read")
LATER = timedelta(hours=7)
"""Later than the longest wait of a message: the test does not wait for the next try."""
PACE = 0.3
"""Between two cases, in seconds: whatever is killed is killed while some are written and others wait."""


def prefecture(*counties: str) -> None:
    """The superior: it knows each county as an outside system."""
    ground = make_ground()
    tokens = {}
    for name in counties:
        client = open_client(name, ground.county_centre, ClientTerms(SCOPES), actor=ground.system_admin)
        tokens[name] = issue_token(client).text
    sys.stdout.write(f"{json.dumps(tokens)}\n")


def county(url: str, token: str) -> None:
    """A county: what changes is reported from its first case on."""
    ground = make_ground()
    terms = ClientTerms(SCOPES, sight="subtree")
    client = open_client("盟综治平台", ground.county_centre, terms, actor=ground.system_admin)
    manner = Manner(profile="upper", token=token)
    open_webhook(client.pk, url, EventKind.values, manner, actor=ground.system_admin)


def live(wanted: str) -> None:
    """Write and report at the same time, until there are so many cases and all are told; whoever kills this program
    kills both."""
    cache.delete(CALLING)  # five minutes have passed since one died while it called
    writer = threading.Thread(target=_write, args=(int(wanted),), daemon=True)
    writer.start()
    while writer.is_alive():
        _report()
        time.sleep(0.2)
    _report_until_nothing_waits()


def drain() -> None:
    """Report until nothing waits."""
    cache.delete(CALLING)
    _report_until_nothing_waits()


def _report_until_nothing_waits() -> None:
    """A reporting that was paused, for the superior was away too long, is taken up again as an administrator does."""
    quiet = 0
    while quiet < 3:
        for hook in Webhook.objects.exclude(paused_at=None):
            resume_webhook(hook.client_id, hook.pk, actor=User.objects.get(username="system_admin"))
        _report()
        waits = OutboxMessage.objects.filter(topic__startswith=CALLS, delivered_at=None).exists()
        quiet = 0 if waits else quiet + 1
        time.sleep(0.1)


def _report() -> None:
    sweep_webhooks()
    call_due(timezone.now() + LATER)


def _write(wanted: int) -> None:
    """Cases, each registered, accepted and dispatched, in transactions of their own."""
    ground = _ground()
    while Case.objects.count() < wanted:
        case = actions.register_case(an_entry(), actor=ground.clerk)
        case = actions.accept_case(case, actor=ground.dispatcher)
        actions.dispatch_case(case, actor=ground.dispatcher, organisation=ground.justice_bureau, instruction="请丈量")
        time.sleep(PACE)
    connection.close()


def _ground() -> Ground:
    """What `make_ground` made."""
    places = {place.code: place for place in Territory.objects.all()}
    named: dict[str, Any] = {row.name: row for row in Organisation.objects.all()}
    organisations = {key: named[name] for key, name, _, _ in ORGANISATIONS}
    return Ground(places, organisations, {user.username: user for user in User.objects.all()})


if __name__ == "__main__":
    {"prefecture": prefecture, "county": county, "live": live, "drain": drain}[sys.argv[1]](*sys.argv[2:])
