"""Files as offices and phones have them: taken by what they are, or refused with the way out."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from intake.actions import attach_file
from intake.verbs import Verb
from tests.intake import ways
from tests.people import Ground
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.ciphers import sm3
from zhongzhi.core.errors import DomainError
from zhongzhi.files.actions import store_file
from zhongzhi.files.disk import full_path
from zhongzhi.files.kinds import kind_named

pytestmark = pytest.mark.django_db
FILES = Path(__file__).parents[1] / "cases" / "files"
TAKEN = {
    "司法确认裁定书.ofd": "application/ofd",
    "IMG_0002.MOV": "video/quicktime",
    "IMG_0002b.mp4": "video/quicktime",
    "VID_ok.mp4": "video/mp4",
    "VID_hvc.mp4": "video/mp4",
    "VID_3gp.mp4": "video/mp4",
    "照片.jfif": "image/jpeg",
    "照片.JPG": "image/jpeg",
    "16bit.png": "image/png",
    "扫描件.pdf": "application/pdf",
    "longname.pdf": "application/pdf",
    "前有空行.pdf": "application/pdf",
    "前有网关.pdf": "application/pdf",
    "后有零.pdf": "application/pdf",
    "后有网关.pdf": "application/pdf",
    "实拍.heic": "image/jpeg",
    "透明.heif": "image/jpeg",
    "录音.m4a": "audio/mp4",
    "安卓录音.m4a": "audio/mp4",
    "录音.mp3": "audio/mpeg",
    "无标签.mp3": "audio/mpeg",
    "录音.amr": "audio/amr",
    "录音.wav": "audio/wav",
}
TOLD = {
    "IMG_0001.jpg": "另存为 JPG",
    "现场.heic": "JPG",
    "动图.gif": "JPG",
    "locked.xlsx": "密码",
    "空.pdf": "0 字节",
    "a.wps": "另存为 docx",
    "名单.csv": "另存为 docx",
    "说明.txt": "不能上传",
}


@pytest.mark.parametrize("path", sorted(FILES.iterdir()), ids=lambda path: path.suffix + str(path.stat().st_size))
def test_every_file_is_taken_or_told(
    path: Path, ground: Ground, settings: pytest.FixtureRequest, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    file = SimpleUploadedFile(path.name, path.read_bytes())
    if path.name in TOLD:
        with pytest.raises(DomainError, match=TOLD[path.name]):
            store_file(file, actor=ground.clerk)
        return
    stored = store_file(file, actor=ground.clerk)
    assert stored.content_type == TAKEN.get(path.name, "application/pdf")
    assert kind_named(stored.name).content_type == stored.content_type


def test_the_name_of_a_file_may_hold_pictures(ground: Ground, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    path = next(path for path in FILES.iterdir() if path.name.startswith("笔录"))
    assert store_file(SimpleUploadedFile(path.name, path.read_bytes()), actor=ground.clerk).name.startswith("笔录😀")


def test_a_photo_of_an_iphone_is_kept_as_jpeg_and_the_trail_knows_what_came(
    ground: Ground, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    case, content = ways.registered(ground), (FILES / "实拍.heic").read_bytes()
    row = attach_file(case, SimpleUploadedFile("IMG_0001.HEIC", content), actor=ground.clerk)
    kept = full_path(row.file.path).read_bytes()
    with Image.open(BytesIO(kept)) as picture:
        assert (picture.format, picture.size, len(picture.getexif())) == ("JPEG", (64, 48), 0)
        left, right = picture.getpixel((5, 20)), picture.getpixel((60, 20))
    assert left[0] > 200 > 80 > left[1], "the left half is red"  # type: ignore[index]
    assert min(right) > 220, "the right half is white"  # type: ignore[type-var, arg-type]
    assert row.file.name == "IMG_0001.jpg"
    facts = TrailEntry.objects.get(verb=Verb.ATTACHED).facts
    assert (facts["came_as"], facts["came_sm3"]) == ("image/heic", sm3(content))
    assert facts["sm3"] == row.file.sm3 == sm3(kept)


def test_a_photo_of_an_iphone_that_a_chat_program_calls_jpg_is_mended_too(
    ground: Ground, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    stored = store_file(SimpleUploadedFile("微信图片.jpg", (FILES / "实拍.heic").read_bytes()), actor=ground.clerk)
    assert (stored.name, stored.content_type) == ("微信图片.jpg", "image/jpeg")
    assert full_path(stored.path).read_bytes()[:3] == b"\xff\xd8\xff"


def test_what_is_kept_as_it_came_has_no_second_digest(ground: Ground, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    case, content = ways.registered(ground), (FILES / "扫描件.pdf").read_bytes()
    attach_file(case, SimpleUploadedFile("扫描件.pdf", content), actor=ground.clerk)
    facts = TrailEntry.objects.get(verb=Verb.ATTACHED).facts
    assert facts["sm3"] == sm3(content)
    assert "came_sm3" not in facts
