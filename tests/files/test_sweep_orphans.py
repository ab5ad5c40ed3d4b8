"""Files that no row knows are cleared away; those of rows never are."""

import os
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from tests.files.samples import PDF, upload
from zhongzhi.accounts.models import User
from zhongzhi.files import disk
from zhongzhi.files.actions import store_file, sweep_orphans
from zhongzhi.files.models import StoredFile
from zhongzhi.files.tasks import sweep_orphans as sweep_task

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def undone(officer: User) -> Path:
    """A file whose transaction was undone."""
    with transaction.atomic():
        file = store_file(upload("a.pdf", PDF), actor=officer)
        transaction.set_rollback(True)
    return disk.full_path(file.path)


def test_a_file_of_an_undone_transaction_is_removed_after_an_hour(officer: User) -> None:
    path = undone(officer)
    assert not StoredFile.objects.exists()
    assert sweep_orphans(timezone.now()) == 0, "its transaction might still be open"
    assert path.exists()
    assert sweep_orphans(timezone.now() + timedelta(hours=2)) == 1
    assert not path.exists()


def test_a_file_with_a_row_stays(officer: User) -> None:
    file = store_file(upload("a.pdf", PDF), actor=officer)
    assert sweep_orphans(timezone.now() + timedelta(days=9)) == 0
    assert disk.full_path(file.path).read_bytes() == PDF


def test_what_is_not_ours_stays(folder: Path) -> None:
    for name in ("2026/11/notes.txt", "readme.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    assert sweep_orphans(timezone.now() + timedelta(days=9)) == 0


def made_old(path: Path) -> Path:
    old = (timezone.now() - timedelta(hours=2)).timestamp()
    os.utime(path, (old, old))
    return path


def test_the_command_sweeps_and_says_how_many(officer: User) -> None:
    path, out = made_old(undone(officer)), StringIO()
    call_command("sweep_orphan_files", stdout=out)
    assert not path.exists()
    assert "已清理 1 个" in out.getvalue()


def test_the_task_sweeps_and_twice_does_no_harm(officer: User) -> None:
    path = made_old(undone(officer))
    assert sweep_task() == 1
    assert not path.exists()
    assert sweep_task() == 0


def test_no_folder_yet_means_nothing_to_sweep(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "not yet"
    assert sweep_orphans(timezone.now()) == 0
