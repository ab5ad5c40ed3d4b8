"""Whether the content of an upload is what its name claims. Images are looked into where they are re-encoded."""

import io
import re
import zipfile
import zlib
from contextlib import suppress
from typing import BinaryIO, Final

import puremagic

from zhongzhi.core.errors import UnsupportedType
from zhongzhi.files import kinds, videos
from zhongzhi.files.kinds import Kind, mismatch, unsupported

MAX_UNPACKED: Final = 200 * 1024 * 1024
MAX_PARTS: Final = 5000
MAX_RATIO: Final = 200
RATIO_MATTERS_FROM: Final = 10 * 1024 * 1024
ZIP: Final = b"PK\x03\x04"
# What reading a damaged, locked or forged archive raises.
UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
)
MAX_CONTENT_TYPES: Final = 1024 * 1024
PDF_TAIL: Final = 2048
PDF_LEAD: Final = 1024
"""How far into a file readers look for where a PDF begins; gateways and scanners put a few bytes before it."""
PDF_PADDING: Final = 1024 * 1024
MARKUP: Final = re.compile(rb"<\s*[!?a-z/]", re.IGNORECASE)
MAIN_PARTS: Final = {kinds.DOCX: "word/document.xml", kinds.XLSX: "xl/workbook.xml", kinds.OFD: "OFD.xml"}
ALIKE: Final = (kinds.PICTURES, kinds.FILMS)
"""Kinds that phones and chat programs name one for the other: the content says which it is."""
HEIC_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
SOUNDS: Final = ((b"#!AMR", "amr"), (b"ID3", "mp3"), (b"\xff\xfb", "mp3"), (b"\xff\xf3", "mp3"), (b"\xff\xf2", "mp3"))


def check_content(stream: BinaryIO, kind: Kind) -> Kind:
    """The kind of the file in `stream`: the one its name claims, or one that is taken for it. Raises UnsupportedType
    for any other, and unless it is whole and without macros."""
    found = _looks_like(stream)
    kind = _alike(kind, found)
    if not set(found) & set(kind.extensions):
        raise mismatch(kind, next(iter(found), ""))
    if kind == kinds.PDF:
        _check_pdf(stream)
    elif kind in kinds.FILMS and not videos.is_whole(stream):
        raise unsupported("这个视频不完整或已损坏，不能播放。", "请重新拍摄或另存为 MP4 后再上传。")
    elif kind in MAIN_PARTS:
        _check_office(stream, kind)
    stream.seek(0)
    return kind


def _alike(kind: Kind, found: list[str]) -> Kind:
    """The kind of the same group that the content is."""
    is_one = set(found) & set(kind.extensions)
    for group in ALIKE:
        if kind in group and not is_one:
            return next((other for other in group if set(found) & set(other.extensions)), kind)
    return kind


def _looks_like(stream: BinaryIO) -> list[str]:
    """The extensions a content is known by, the surest first; empty for what is not known."""
    if film := videos.extension_in(stream):
        return [film]
    stream.seek(0)
    head = stream.read(32)
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS and b"avif" not in head:
        return ["heic"]
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return ["wav"]
    if sound := next((name for mark, name in SOUNDS if head.startswith(mark)), ""):
        return [sound]
    if head[:4] == ZIP:
        return [_office_in(stream)]
    if _is_pdf(stream):
        return ["pdf"]
    stream.seek(0)
    try:
        matches = puremagic.magic_stream(stream)
    except (puremagic.PureError, ValueError):
        return []
    found = [match.extension.removeprefix(".") for match in matches if match.extension]
    return sorted(found, key=lambda extension: extension not in kinds.KINDS)


def _office_in(stream: BinaryIO) -> str:
    """The extension of the office document in a zip archive; else that it is an archive."""
    with suppress(*UNREADABLE), zipfile.ZipFile(stream) as archive:
        names = set(archive.namelist())
        return next((kind.extensions[0] for kind, part in MAIN_PARTS.items() if part in names), "zip")
    return "zip"


def _is_pdf(stream: BinaryIO) -> bool:
    """Whether a PDF begins here, after a few bytes of a gateway at most: none that a browser takes for a page."""
    stream.seek(0)
    lead, mark, _ = stream.read(PDF_LEAD).partition(b"%PDF-")
    return bool(mark) and not MARKUP.search(lead)


def _check_pdf(stream: BinaryIO) -> None:
    """A PDF is whole to its end mark; what fills a block of a disk or a message behind it does no harm."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - PDF_PADDING))
    end = stream.read().rstrip(b"\0 \t\r\n")
    if not _is_pdf(stream) or b"%%EOF" not in end[-PDF_TAIL:]:
        raise unsupported("这个 PDF 不完整或已损坏。", "请重新导出 PDF 后再上传。")


def _check_office(stream: BinaryIO, kind: Kind) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            if kind == kinds.OFD:
                _check_size(archive.infolist())
            else:
                _check_parts(archive.infolist(), MAIN_PARTS[kind])
                _check_declared(archive)
    except UNREADABLE:
        raise _broken_office() from None


def _check_parts(parts: list[zipfile.ZipInfo], main_part: str) -> None:
    """The main part is there, no macros are, and unpacking it does not flood the reader's machine."""
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or main_part not in names:
        raise _broken_office()
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _with_macros()
    _check_size(parts)


def _check_size(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or any(_floods(part) for part in parts):
        raise unsupported("这个文档解压后过大，可能是压缩炸弹。", "请打开后另存为 PDF 再上传。")


def _floods(part: zipfile.ZipInfo) -> bool:
    return part.file_size > RATIO_MATTERS_FROM and part.file_size > MAX_RATIO * part.compress_size


def _check_declared(archive: zipfile.ZipFile) -> None:
    with archive.open("[Content_Types].xml") as declared:
        types = declared.read(MAX_CONTENT_TYPES)
    if b"macroenabled" in types.lower():
        raise _with_macros()


def _broken_office() -> UnsupportedType:
    return unsupported(
        "这个文档打不开，可能已损坏、加了密码或被改过扩展名。", "请去掉密码，另存为 docx、xlsx 或 PDF 后再上传。"
    )


def _with_macros() -> UnsupportedType:
    return unsupported("这个文档含有宏，不能上传。", "请另存为不含宏的 docx、xlsx 或 PDF 后再上传。")
