"""Front-end packages are installed once for each lock file, tools of the checks only where they are asked for."""

import subprocess
from pathlib import Path

import pytest

from devkit import assets

WITHOUT_TOOLS, WITH_TOOLS = ["ci", "--ignore-scripts", "--omit=dev"], ["ci", "--ignore-scripts"]


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What npm was told, in a folder of its own."""
    told: list[list[str]] = []

    def npm(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        told.append(command[command.index("ci") :])
        (tmp_path / "node_modules").mkdir(exist_ok=True)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", npm)
    monkeypatch.setattr(assets, "LOCK", tmp_path / "package-lock.json")
    monkeypatch.setattr(assets, "INSTALLED", tmp_path / "node_modules" / "installed-from")
    assets.LOCK.write_text("one")
    return told


def test_packages_are_installed_once_and_again_when_the_lock_file_changed(calls: list[list[str]]) -> None:
    assets.install()
    assets.install()
    assert calls == [WITHOUT_TOOLS]
    assets.LOCK.write_text("two")
    assets.install()
    assert calls == [WITHOUT_TOOLS, WITHOUT_TOOLS]


def test_tools_are_added_where_they_are_missing_and_stay_where_they_are_not_needed(calls: list[list[str]]) -> None:
    assets.install()
    assets.install(tools=True)
    assets.install(tools=True)
    assets.install()
    assert calls == [WITHOUT_TOOLS, WITH_TOOLS]
