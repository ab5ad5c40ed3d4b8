"""A stored file is given back as a download and nothing else."""

from pathlib import Path
from urllib.parse import quote

import pytest
from pytest_django import Settings

from tests.files.samples import PDF, upload
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound
from zhongzhi.files import disk
from zhongzhi.files.actions import store_file
from zhongzhi.files.models import StoredFile
from zhongzhi.files.responses import attachment_response

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path, settings: Settings, officer: User) -> StoredFile:
    settings.MEDIA_ROOT = tmp_path
    return store_file(upload('调解"协议".pdf', PDF), actor=officer)


def test_the_download_has_the_bytes_and_its_own_name(file: StoredFile) -> None:
    response = attachment_response(file)
    assert b"".join(response) == PDF  # type: ignore[arg-type]
    disposition = response["Content-Disposition"]
    assert disposition == f"attachment; filename*=utf-8''{quote(file.name, safe='')}"
    assert response["Content-Length"] == str(len(PDF))


def test_no_browser_shows_it_inside_a_page_of_ours_or_keeps_it(file: StoredFile) -> None:
    response = attachment_response(file)
    response.close()
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_bytes_that_are_gone_are_told(file: StoredFile) -> None:
    disk.remove(file.path)
    with pytest.raises(NotFound, match="从备份恢复"):
        attachment_response(file)
