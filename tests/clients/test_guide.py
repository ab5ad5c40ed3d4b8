"""The guide is followed to the letter: its commands run against the API, its receiver is told of what they did."""

import os
import re
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from devkit.servers import ROOT
from intake.models import Case
from tests.clients.conftest import Served
from workbench.models import EventKind
from workbench.webhooks.actions import Manner, open_webhook
from workbench.webhooks.sweep import sweep_webhooks
from zhongzhi.accounts.models import ApiClient
from zhongzhi.notices.tasks import call_receivers

pytestmark = [pytest.mark.clients, pytest.mark.django_db(transaction=True)]
GUIDE = ROOT / "docs" / "api-guide.md"
RECEIVER = ROOT / "docs" / "examples" / "receiver.py"
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.M | re.S)


def test_every_command_of_the_guide_works_and_the_receiver_hears_of_it(
    served: Served, settings: Any, tmp_path: Path
) -> None:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    system = ApiClient.objects.get(user__postings__organisation=served.ground.county_centre)
    address, kinds = f"http://127.0.0.1:{port}/", EventKind.values
    hook = open_webhook(system.pk, address, kinds, Manner(), actor=served.ground.system_admin)
    words = [sys.executable, str(RECEIVER), str(port), hook.secret, "2"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as receiver:
        said = [_run(block, served) for block in COMMANDS.findall(GUIDE.read_text(encoding="utf-8"))]
        case = Case.objects.get(narrative="自家土地少了5垄。")
        for _ in range(2):
            sweep_webhooks()
            call_receivers()
        heard, _ = receiver.communicate(timeout=120)
    assert len(said) == 7
    assert "true" in said[2]
    assert str(case.code) in said[4]
    assert str(case.code) in said[6] and all(f'"{part}":' in said[6] for part in ("parties", "handlings", "clocks"))
    assert heard.splitlines() == [f"zhongzhi.case.{kind} {case.code} registered" for kind in ("created", "changed")]


def _run(block: str, served: Served) -> str:
    environment = os.environ | {"TOKEN": served.centre, "API": f"{served.url}/api/v1", "NO_PROXY": "*"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, block + done.stdout + done.stderr
    return done.stdout
