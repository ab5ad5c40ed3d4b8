"""Keeping uploads: what is taken, what of it is kept, and what is refused how."""

import io
import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from PIL import Image
from pytest_django import Settings

from tests.files.samples import HTML, PDF, PLACE, archive, box, camera_notes, film, office, picture, upload
from zhongzhi.accounts.models import User
from zhongzhi.core.ciphers import sm3
from zhongzhi.core.errors import DomainError, TooLarge, Unfit, UnsupportedType
from zhongzhi.files import disk, images
from zhongzhi.files.actions import store_file
from zhongzhi.files.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


def kept(file: StoredFile) -> bytes:
    return disk.full_path(file.path).read_bytes()


def refusal(name: str, content: bytes, officer: User, folder: Path) -> DomainError:
    """The refusal of an upload, after which nothing is left, neither row nor file."""
    with pytest.raises(DomainError) as raised:
        store_file(upload(name, content), actor=officer)
    assert not StoredFile.objects.exists()
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert raised.value.field == "file"
    return raised.value


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("现场.jpg", picture(), "image/jpeg"),
        ("现场.JPEG", picture(), "image/jpeg"),
        ("截图.png", picture("PNG"), "image/png"),
        ("图.webp", picture("WEBP"), "image/webp"),
        ("协议.pdf", PDF, "application/pdf"),
        ("笔录.docx", office(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (
            "台账.xlsx",
            office("xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("视频.mp4", film(), "video/mp4"),
        ("视频.mp4", film(b"mp42"), "video/mp4"),
    ],
)
def test_the_kinds_an_office_works_with_are_taken(name: str, content: bytes, content_type: str, officer: User) -> None:
    file = store_file(upload(name, content), actor=officer)
    file.refresh_from_db()
    assert (file.name, file.content_type, file.created_by) == (name, content_type, officer)
    assert (file.size, file.sm3) == (len(kept(file)), sm3(kept(file)))


def test_a_document_is_kept_byte_for_byte(officer: User) -> None:
    assert kept(store_file(upload("a.pdf", PDF), actor=officer)) == PDF


def test_a_large_upload_that_lies_on_the_disk_already_is_taken(officer: User) -> None:
    large = TemporaryUploadedFile("a.pdf", "application/pdf", 0, None)
    large.write(PDF)
    large.size = large.tell()
    assert kept(store_file(large, actor=officer)) == PDF


def test_the_bytes_are_readable_by_the_program_only_and_lie_under_year_and_month(officer: User, folder: Path) -> None:
    file = store_file(upload("a.pdf", PDF), actor=officer)
    path = folder / file.path
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert file.path == f"{file.created_at:%Y/%m}/{file.pk}"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_turned_upright_and_loses_place_and_camera(kind: str, officer: User) -> None:
    content = picture(kind, exif=camera_notes(orientation=6))
    assert b"SecretPhone" in content
    file = store_file(upload(f"a.{kind.lower()}", content), actor=officer)
    with Image.open(io.BytesIO(kept(file))) as image:
        assert image.size == (20, 40), "orientation 6 means a quarter turn"
        red, _, blue = image.convert("RGB").getpixel((10, 5))  # type: ignore[misc]
        assert red > 200 > blue
        assert not image.getexif()
        assert not image.getexif().get_ifd(0x8825)
    assert b"SecretPhone" not in kept(file)


def test_comments_and_what_is_hung_behind_a_picture_are_dropped(officer: User) -> None:
    content = picture(comment=b"secret comment") + HTML
    assert b"secret comment" in content
    stored = kept(store_file(upload("a.jpg", content), actor=officer))
    assert b"secret comment" not in stored
    assert b"<script>" not in stored


def test_a_transparent_picture_stays_transparent(officer: User) -> None:
    out = io.BytesIO()
    Image.new("P", (4, 4), 0).save(out, "PNG", transparency=0)
    file = store_file(upload("a.png", out.getvalue()), actor=officer)
    with Image.open(io.BytesIO(kept(file))) as image:
        assert image.convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_a_printers_picture_becomes_one_for_screens(officer: User) -> None:
    out = io.BytesIO()
    Image.new("CMYK", (4, 4)).save(out, "JPEG")
    file = store_file(upload("a.jpg", out.getvalue()), actor=officer)
    with Image.open(io.BytesIO(kept(file))) as image:
        assert image.mode == "RGB"


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_picture_with_broken_camera_notes_is_taken(officer: User) -> None:
    content = picture(exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff")
    assert store_file(upload("a.jpg", content), actor=officer).size > 0


def test_a_video_loses_its_place_and_nothing_else(officer: User) -> None:
    stored = kept(store_file(upload("a.mp4", film()), actor=officer))
    assert PLACE not in stored
    assert b"udta" not in stored
    assert len(stored) == len(film())
    assert stored.endswith(box(b"mdat", b"pictures" * 10))
    assert b"t" * 20 in stored


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.pdf", "a.docx", "a.xlsx", "a.mp4"])
@pytest.mark.parametrize(
    "content",
    [HTML, b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", b"#!/bin/sh\nrm -rf /", b"MZ" + bytes(200)],
    ids=["html", "svg", "shell", "exe"],
)
def test_a_page_or_script_under_another_name_is_refused(name: str, content: bytes, officer: User, folder: Path) -> None:
    error = refusal(name, content, officer, folder)
    assert (type(error), error.status) == (UnsupportedType, 415)
    assert "可以上传：图片（jpg、png、webp、heic）、PDF" in error.message


@pytest.mark.parametrize("name", ["page.html", "a.svg", "a.js", "a.exe", "a.php.", "无扩展名", "a.txt"])
def test_an_extension_that_is_not_on_the_list_is_refused_with_a_way_out(name: str, officer: User, folder: Path) -> None:
    error = refusal(name, picture(), officer, folder)
    assert isinstance(error, UnsupportedType)
    assert "后再上传" in error.message


@pytest.mark.parametrize(
    ("name", "way_out"),
    [("a.doc", "另存为 docx"), ("a.bmp", "另存为 JPG"), ("a.avi", "转存为 MP4"), ("a.rar", "先解压")],
)
def test_the_way_out_fits_the_kind(name: str, way_out: str, officer: User, folder: Path) -> None:
    assert way_out in refusal(name, b"x", officer, folder).message


def test_a_document_of_another_kind_is_told_its_right_name(officer: User, folder: Path) -> None:
    assert "扩展名改为 .xlsx" in refusal("a.docx", office("xl/workbook.xml"), officer, folder).message


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.jpg", picture()[:-200], "打不开"),
        ("a.png", picture("PNG")[:60], "打不开"),
        ("a.pdf", b"%PDF-1.7\nno end", "不完整"),
        ("a.pdf", HTML + PDF, "内容却"),
        ("a.pdf", bytes(2000) + PDF, "内容却"),
        ("a.pdf", PDF + b"x" * 3000, "不完整"),
        ("a.docx", archive({"a.txt": "x"}), "内容却"),
        ("a.docx", archive({"word/document.xml": "<x/>"}), "打不开"),
        ("a.docx", office()[:-30], "内容却"),
        ("a.docx", office(word__vbaProject_dot_bin="x"), "宏"),
        ("a.xlsx", office("xl/workbook.xml", **{"[Content_Types]_dot_xml": "sheet.macroEnabled.main"}), "宏"),
        ("a.docx", bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "去掉密码"),
        ("a.mp4", box(b"ftyp", b"isom" + bytes(8)) + box(b"mdat", b"x"), "不完整"),
    ],
)
def test_a_broken_or_active_document_is_refused(
    name: str, content: bytes, says: str, officer: User, folder: Path
) -> None:
    error = refusal(name, content, officer, folder)
    assert error.status == 415
    assert says in error.message


def test_a_document_that_floods_when_unpacked_is_refused(officer: User, folder: Path) -> None:
    bomb = office(word__media__x_dot_xml=bytes(30 * 1024 * 1024))
    assert len(bomb) < 100_000
    assert "压缩炸弹" in refusal("a.docx", bomb, officer, folder).message


def test_a_picture_that_floods_when_decoded_is_refused(officer: User, folder: Path) -> None:
    out = io.BytesIO()
    Image.new("1", (10_000, 5_001)).save(out, "PNG")
    error = refusal("a.png", out.getvalue(), officer, folder)
    assert isinstance(error, TooLarge)
    assert "10000×5001" in error.message
    assert images.MAX_PIXELS < 10_000 * 5_001


def test_a_picture_that_pillow_itself_calls_a_bomb_is_refused(officer: User, folder: Path) -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 10_000)).save(out, "PNG")
    assert refusal("a.png", out.getvalue(), officer, folder).status == 413


def test_a_moving_picture_is_refused(officer: User, folder: Path) -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    assert "动图" in refusal("a.png", out.getvalue(), officer, folder).message


def test_too_many_bytes_are_refused_with_both_figures(officer: User, folder: Path) -> None:
    error = refusal("a.mp4", bytes(40 * 1024 * 1024), officer, folder)
    assert (type(error), error.status) == (TooLarge, 413)
    assert error.message.startswith("文件 40.0 MB，超过单个 20 MB 的上限")


def test_an_empty_file_is_refused(officer: User, folder: Path) -> None:
    error = refusal("a.jpg", b"", officer, folder)
    assert (type(error), error.status) == (Unfit, 422)
    assert "空" in error.message


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/协议.pdf", "协议.pdf"),
        ("C:\\文件\\协议.pdf", "协议.pdf"),
        ("协\u202e议\u200b.pdf", "协议.pdf"),
        ("协\r\n议\x7f.pdf", "协议.pdf"),
        ("  .协议 .pdf", "协议.pdf"),
        ("😀.pdf", "😀.pdf"),
        ("长" * 300 + ".pdf", "长" * 83 + ".pdf"),
        (" .pdf", "未命名.pdf"),
        ("a.jpg.pdf", "a.jpg.pdf"),
    ],
)
def test_a_name_is_cleaned_for_display(given: str, shown: str, officer: User) -> None:
    file = SimpleUploadedFile("x.pdf", PDF)
    file._name = given  # what a hostile client may make of it
    assert store_file(file, actor=officer).name == shown
    assert len(shown.encode()) <= 255


def test_a_row_that_cannot_be_written_leaves_no_file(folder: Path) -> None:
    with pytest.raises(Exception, match="files_made_are_documents"):
        store_file(upload("a.mp4", film()), actor=User(username="new"))
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_full_disk_leaves_no_half_file(officer: User, folder: Path) -> None:
    def half(target: object) -> None:
        target.write(b"half")  # type: ignore[attr-defined]
        raise OSError(28, os.strerror(28))

    with pytest.raises(OSError, match="No space"):
        disk.write("2026/11/00000000-0000-0000-0000-000000000001", half)
    assert [path for path in folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("place", ["../secrets.env", "/etc/passwd", "2026/11/x", "2026/11/../../secrets.env"])
def test_only_places_of_stored_files_are_opened(place: str) -> None:
    with pytest.raises(ValueError, match="no place"):
        disk.full_path(place)


@pytest.mark.parametrize(
    ("name", "content", "kept_as", "content_type"),
    [
        ("照片.jfif", picture(), "照片.jpg", "image/jpeg"),
        ("照片.JPG", picture("PNG"), "照片.png", "image/png"),
        ("照片.png", picture(), "照片.jpg", "image/jpeg"),
        ("IMG_0002.MOV", film(b"qt  "), "IMG_0002.MOV", "video/quicktime"),
        ("IMG_0002b.mp4", film(b"qt  "), "IMG_0002b.mov", "video/quicktime"),
        ("VID.mp4", film(b"hvc1"), "VID.mp4", "video/mp4"),
        ("录音.m4a", film(b"M4A "), "录音.m4a", "audio/mp4"),
        ("录音.amr", b"#!AMR\n" + bytes(40), "录音.amr", "audio/amr"),
        ("录音.mp3", b"ID3\x03" + bytes(40), "录音.mp3", "audio/mpeg"),
        ("录音.wav", b"RIFF" + bytes(4) + b"WAVEfmt " + bytes(40), "录音.wav", "audio/wav"),
        ("裁定书.ofd", archive({"OFD.xml": "<x/>", "Doc_0/Document.xml": "<x/>"}), "裁定书.ofd", "application/ofd"),
    ],
)
def test_files_of_the_trade_are_taken_by_what_they_are(
    name: str, content: bytes, kept_as: str, content_type: str, officer: User
) -> None:
    stored = store_file(upload(name, content), actor=officer)
    assert (stored.name, stored.content_type) == (kept_as, content_type)


def test_a_broken_heic_under_another_name_is_told_the_way_out(officer: User, folder: Path) -> None:
    heic = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic") + bytes(64)
    assert "另存为 JPG" in refusal("IMG_0001.jpg", heic, officer, folder).message
