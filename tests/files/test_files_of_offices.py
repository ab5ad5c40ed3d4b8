"""Files as offices and phones have them: taken by what they are, or refused with the way out."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.people import Ground
from zhongzhi.core.errors import DomainError
from zhongzhi.files.actions import store_file

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


def test_the_name_of_a_file_may_hold_pictures(ground: Ground, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    path = next(path for path in FILES.iterdir() if path.name.startswith("笔录"))
    assert store_file(SimpleUploadedFile(path.name, path.read_bytes()), actor=ground.clerk).name.startswith("笔录😀")
