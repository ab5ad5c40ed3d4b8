"""A public fuzzer holds the running API to its document: what the document allows is taken, what it forbids refused,
every answer has a shape that is written down, nothing breaks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from devkit.servers import ROOT
from tests.clients.conftest import Served

pytestmark = [pytest.mark.clients, pytest.mark.django_db(transaction=True)]
EXAMPLES = os.environ.get("CONTRACT_EXAMPLES", "2")
"""So many examples of each operation in the phases that are left to chance, and walks along the links."""
PHASES = os.environ.get("CONTRACT_PHASES", "examples,fuzzing,stateful")
"""With `coverage` every bound of every field and parameter too: ten thousand calls."""


def test_every_operation_keeps_to_the_document(served: Served, tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "schemathesis"
    words = [
        str(program),
        "--config-file",
        str(Path(__file__).parent / "schemathesis.toml"),
        "run",
        str(ROOT / "docs" / "openapi.yaml"),
        "--url",
        served.url,
    ]
    words += ["--header", f"Authorization: Bearer {served.centre}", "--checks", "all", "--seed", "20261129"]
    words += ["--phases", PHASES, "--max-examples", EXAMPLES, "--continue-on-failure", "--request-timeout", "60"]
    words += ["--warnings", "off", "--suppress-health-check", "all"]
    words += os.environ.get("CONTRACT_ONLY", "").split()
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
