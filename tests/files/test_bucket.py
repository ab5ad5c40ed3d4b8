"""Stored files in an S3-compatible bucket, against a server that speaks its protocol."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import boto3
import pytest
from django.utils import timezone
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from tests.files.samples import PDF, picture, upload
from workbench.operations.health import faults
from zhongzhi.accounts.models import User
from zhongzhi.bucket_settings import bucket_storage
from zhongzhi.core.ciphers import sm3
from zhongzhi.core.errors import FilesAway, NotFound, UnsupportedType
from zhongzhi.files import disk, store
from zhongzhi.files.actions import keep_made, put_back, store_file, sweep_orphans
from zhongzhi.files.kinds import PDF as PDF_KIND
from zhongzhi.files.models import StoredFile
from zhongzhi.files.responses import attachment_response

BUCKET, KEYS = "zhongzhi-files", {"access_key": "node", "secret_key": "node-secret", "region": "us-east-1"}
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    address = f"http://{host}:{port}"
    asked = {"aws_access_key_id": "node", "aws_secret_access_key": "node-secret", "region_name": "us-east-1"}
    boto3.client("s3", endpoint_url=address, **asked).create_bucket(Bucket=BUCKET)  # type: ignore[call-overload]
    yield address
    running.stop()


@pytest.fixture(autouse=True)
def kept_in_bucket(server: str, settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.FILES_BUCKET = BUCKET
    settings.STORAGES = {**settings.STORAGES, "files": bucket_storage(BUCKET, endpoint=server, **KEYS)}


def test_an_upload_lies_in_the_bucket_with_its_digest_and_comes_back_byte_for_byte(
    officer: User, tmp_path: Any
) -> None:
    file = store_file(upload("协议.pdf", PDF), actor=officer)
    assert not (tmp_path / "files").exists(), "nothing lies on this node"
    assert store.measure(file.path) == (file.size, file.sm3) == (len(PDF), sm3(PDF))
    answer = attachment_response(file)
    assert b"".join(answer) == PDF
    assert answer["Content-Length"] == str(len(PDF))


def test_a_picture_is_written_anew_before_it_is_sent(officer: User) -> None:
    content = picture(comment=b"secret comment")
    file = store_file(upload("现场.jpg", content), actor=officer)
    with store.opened(file.path) as source:
        kept = source.read()
    assert b"secret comment" not in kept
    assert (len(kept), sm3(kept)) == (file.size, file.sm3)


def test_a_large_file_is_sent_in_parts_and_read_through_the_disk(officer: User) -> None:
    content = PDF[:-7] + b"%" + bytes(18 * 1024 * 1024) + b"\n" + PDF[-7:]
    file = keep_made("卷宗.pdf", content, PDF_KIND, actor=officer)
    assert store.measure(file.path) == (len(content), sm3(content))
    with store.opened(file.path) as source:
        assert source.read(4) == content[:4]
        assert source.file._rolled  # type: ignore[attr-defined]  # past a mebibyte it lies on the disk


def test_what_is_refused_leaves_nothing_in_the_bucket(officer: User) -> None:
    before = list(store.places_older_than(timezone.now() + timedelta(hours=1)))
    with pytest.raises(UnsupportedType):
        store_file(upload("a.pdf", b"<html>"), actor=officer)
    assert list(store.places_older_than(timezone.now() + timedelta(hours=1))) == before


def test_a_lost_object_is_told_and_a_backup_puts_it_back(officer: User) -> None:
    file = store_file(upload("a.pdf", PDF), actor=officer)
    store.remove(file.path)
    assert not store.has(file.path)
    with pytest.raises(NotFound):
        attachment_response(file)
    assert put_back(file.path, BytesIO(PDF), file.sm3)
    assert not put_back(file.path, BytesIO(PDF), file.sm3), "it is there already"
    assert store.measure(file.path) == (file.size, file.sm3)


def test_objects_that_no_row_knows_are_swept_after_an_hour(officer: User) -> None:
    kept, gone = (store_file(upload("a.pdf", PDF), actor=officer) for _ in range(2))
    StoredFile.objects.filter(pk=gone.pk).delete()
    assert sweep_orphans(timezone.now()) == 0
    assert sweep_orphans(timezone.now() + timedelta(hours=2)) >= 1
    assert store.has(kept.path)
    assert not store.has(gone.path)


def test_while_the_storage_is_away_an_upload_is_refused_with_words(officer: User, settings: Settings) -> None:
    away = bucket_storage(BUCKET, endpoint="http://127.0.0.1:9", **KEYS)
    settings.STORAGES = {**settings.STORAGES, "files": away}
    with pytest.raises(FilesAway) as refused:
        store_file(upload("a.pdf", PDF), actor=officer)
    assert (refused.value.status, refused.value.context["wait"]) == (503, 10)
    assert faults()["files"].startswith("文件存储连不上")
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("place", ["../x", "2026/11/notes.txt", "", "2026/11"])
def test_what_is_no_place_of_ours_is_never_asked_for(place: str) -> None:
    with pytest.raises(ValueError, match="no place of a stored file"):
        store.opened(place)
    with pytest.raises(ValueError, match="no place of a stored file"):
        disk.opened(place)
