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

from tests.clients.conftest import DOCUMENT, Served

pytestmark = [pytest.mark.clients, pytest.mark.django_db(transaction=True)]
EXAMPLES = os.environ.get("CONTRACT_EXAMPLES", "")
"""So many examples of each operation, and so many walks, instead of those of schemathesis.toml."""
PHASES = os.environ.get("CONTRACT_PHASES", "examples,fuzzing")
"""With `coverage` every bound of every field and parameter too: ten thousand calls."""
ONLY = os.environ.get("CONTRACT_ONLY", "").split()
WALKS = ["--phases", "stateful", "--mode", "positive"]
"""What the document forbids is tried in the other phases; a walk ends where it is refused."""
LED_TO = 3
"""At least so many operations of one thing are answered well; with this seed it is twice as many. `test_links.py` goes
along each link once."""
METHODS = ("get", "post", "put", "patch", "delete")


def test_every_operation_keeps_to_the_document(served: Served, tmp_path: Path) -> None:
    called = _fuzzed(DOCUMENT, served.url, served.centre, ["--phases", PHASES], tmp_path)
    if ONLY:
        return
    operations = dict(_operations())
    if "fuzzing" in PHASES:
        assert {name for name, _ in called["fuzzing"]} == set(operations)
    if "examples" in PHASES:
        assert {name for name, _ in called["examples"]} == {
            name for name, operation in operations.items() if _has_example(operation)
        }


def test_walks_along_the_links_reach_what_they_lead_to(stocked: Served, tmp_path: Path) -> None:
    """Lists are asked for whole: with filters drawn at random they would be empty, and lead nowhere."""
    walked = tmp_path / "walked.yaml"
    walked.write_text(yaml.safe_dump(_with_whole_lists(), allow_unicode=True), encoding="utf-8")
    called = _fuzzed(walked, stocked.url, stocked.bureau, WALKS, tmp_path)["stateful"]
    links = {link["operationId"] for link in _links()}
    led_to = {name for name, operation in _operations() if operation["operationId"] in links and "{" in name}
    assert len({name for name, status in called if 200 <= status < 300} & led_to) >= LED_TO


def _fuzzed(document: Path, url: str, token: str, manner: list[str], within: Path) -> dict[str, set[tuple[str, int]]]:
    """What the fuzzer called, and how it was answered, by phase; nothing that it checks may fail."""
    events = within / "events.ndjson"
    words = [str(Path(sys.executable).parent / "schemathesis")]
    words += ["--config-file", str(Path(__file__).parent / "schemathesis.toml"), "run", str(document)]
    words += ["--url", url, "--header", f"Authorization: Bearer {token}", "--checks", "all"]
    words += ["--seed", "20261129", *manner, *(["--max-examples", EXAMPLES] if EXAMPLES else [])]
    words += ["--continue-on-failure", "--request-timeout", "60", "--warnings", "off"]
    words += ["--suppress-health-check", "all", "--report-ndjson-path", str(events)]
    done = subprocess.run(words + ONLY, cwd=within, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return _called(events)


def _with_whole_lists() -> dict[str, Any]:
    """The document, as if its lists took no filters, orders or pages."""
    document: dict[str, Any] = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    for methods in document["paths"].values():
        asked = methods.get("get", {}).get("parameters", ())
        if any(one["name"] == "cursor" for one in asked):
            methods["get"]["parameters"] = [one for one in asked if one["in"] == "path"]
    return document


def _operations() -> Iterator[tuple[str, dict[str, Any]]]:
    """Those of the document, as the fuzzer calls them."""
    for path, methods in yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))["paths"].items():
        for method in METHODS:
            if method in methods:
                yield f"{method.upper()} {path}", methods[method]


def _links() -> Iterator[dict[str, Any]]:
    """All that the document states."""
    for _, operation in _operations():
        for answer in operation["responses"].values():
            yield from answer.get("links", {}).values()


def _called(events: Path) -> dict[str, set[tuple[str, int]]]:
    """The operations that were called at least once, each with every status of its answers, by phase."""
    called: dict[str, set[tuple[str, int]]] = {
        "examples": set(),
        "coverage": set(),
        "fuzzing": set(),
        "stateful": set(),
    }
    for line in events.read_text(encoding="utf-8").splitlines():
        scenario = json.loads(line).get("ScenarioFinished") or {}
        recorder = scenario.get("recorder", {})
        for key, case in recorder.get("cases", {}).items():
            answer = (recorder["interactions"].get(key) or {}).get("response") or {}
            name = f"{case['value']['method']} {case['value']['path']}"
            called[scenario["phase"]].add((name, answer.get("status_code", 0)))
    return called


def _has_example(operation: dict[str, Any]) -> bool:
    """Whether it takes anything that an example can be given of; files are not written into a document."""
    bodies = operation.get("requestBody", {}).get("content", {}).values()
    return any("example" in one for one in [*operation.get("parameters", ()), *bodies])
