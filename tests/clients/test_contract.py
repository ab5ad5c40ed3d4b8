"""A public fuzzer holds the running API to its document: what the document allows is taken, what it forbids refused,
every answer has a shape that is written down, nothing breaks."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from devkit.servers import ROOT
from tests.clients.conftest import Served

pytestmark = [pytest.mark.clients, pytest.mark.django_db(transaction=True)]
DOCUMENT = ROOT / "docs" / "openapi.yaml"
EXAMPLES = os.environ.get("CONTRACT_EXAMPLES", "")
"""So many examples of each operation, and so many walks, instead of those of schemathesis.toml."""
PHASES = os.environ.get("CONTRACT_PHASES", "examples,fuzzing,stateful")
"""With `coverage` every bound of every field and parameter too: ten thousand calls."""
ONLY = os.environ.get("CONTRACT_ONLY", "").split()
METHODS = ("get", "post", "put", "patch", "delete")


def test_every_operation_keeps_to_the_document(served: Served, tmp_path: Path) -> None:
    events = tmp_path / "events.ndjson"
    done = subprocess.run(_words(served, events), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    if ONLY:
        return
    called, operations = _called(events), dict(_operations())
    if "fuzzing" in PHASES:
        assert called["fuzzing"] == set(operations)
    if "examples" in PHASES:
        assert called["examples"] == {name for name, operation in operations.items() if _has_example(operation)}
    if "stateful" in PHASES:
        assert called["stateful"]


def _words(served: Served, events: Path) -> list[str]:
    """How the fuzzer is called."""
    words = [str(Path(sys.executable).parent / "schemathesis")]
    words += ["--config-file", str(Path(__file__).parent / "schemathesis.toml"), "run", str(DOCUMENT)]
    words += ["--url", served.url, "--header", f"Authorization: Bearer {served.centre}", "--checks", "all"]
    words += ["--seed", "20261129", "--phases", PHASES, *(["--max-examples", EXAMPLES] if EXAMPLES else [])]
    words += ["--continue-on-failure", "--request-timeout", "60", "--warnings", "off"]
    words += ["--suppress-health-check", "all", "--report-ndjson-path", str(events)]
    return words + ONLY


def _operations() -> Iterator[tuple[str, dict[str, Any]]]:
    """Those of the document, as the fuzzer calls them."""
    for path, methods in yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))["paths"].items():
        for method in METHODS:
            if method in methods:
                yield f"{method.upper()} {path}", methods[method]


def _called(events: Path) -> dict[str, set[str]]:
    """The operations that were called at least once, by phase."""
    called: dict[str, set[str]] = {"examples": set(), "coverage": set(), "fuzzing": set(), "stateful": set()}
    for line in events.read_text(encoding="utf-8").splitlines():
        scenario = json.loads(line).get("ScenarioFinished")
        for case in (scenario or {}).get("recorder", {}).get("cases", {}).values():
            called[scenario["phase"]].add(f"{case['value']['method']} {case['value']['path']}")
    return called


def _has_example(operation: dict[str, Any]) -> bool:
    """Whether it takes anything that an example can be given of; files are not written into a document."""
    bodies = operation.get("requestBody", {}).get("content", {}).values()
    return any("example" in one for one in [*operation.get("parameters", ()), *bodies])
