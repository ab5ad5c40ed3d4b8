"""The kinds of file that are taken, and what is said about the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from zhongzhi.core.errors import UnsupportedType

FIELD: Final = "file"
ALLOWED: Final = (
    "图片（jpg、png、webp、heic）、PDF、OFD、Word（docx）、Excel（xlsx）、视频（mp4、mov）、录音（m4a、mp3、amr、wav）"
)


@dataclass(frozen=True)
class Kind:
    """One kind: how it is called, its content type, and the extensions a content of it is known by."""

    label: str
    content_type: str
    extensions: tuple[str, ...]


JPEG: Final = Kind("JPG 图片", "image/jpeg", ("jpg", "jpeg", "jfif", "jpe"))
PNG: Final = Kind("PNG 图片", "image/png", ("png",))
WEBP: Final = Kind("WebP 图片", "image/webp", ("webp",))
HEIC: Final = Kind("HEIC 图片", "image/heic", ("heic", "heif", "hif"))
PDF: Final = Kind("PDF", "application/pdf", ("pdf",))
DOCX: Final = Kind("Word 文档", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",))
XLSX: Final = Kind("Excel 表格", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",))
MP4: Final = Kind("MP4 视频", "video/mp4", ("mp4",))
MOV: Final = Kind("MOV 视频", "video/quicktime", ("mov",))
OFD: Final = Kind("OFD 版式文件", "application/ofd", ("ofd",))
M4A: Final = Kind("M4A 录音", "audio/mp4", ("m4a",))
MP3: Final = Kind("MP3 录音", "audio/mpeg", ("mp3",))
AMR: Final = Kind("AMR 录音", "audio/amr", ("amr",))
WAV: Final = Kind("WAV 录音", "audio/wav", ("wav",))
PICTURES: Final = (JPEG, PNG, WEBP, HEIC)
FILMS: Final = (MP4, MOV, M4A)
SHOWN_AS: Final = {"jfif": "jpg", "jpe": "jpg"}
"""Extensions that programs do not open, and what they are mended to."""
KEPT_AS: Final = {HEIC: JPEG}
"""What offices cannot open is kept as what they can."""

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        extension: kind
        for kind in (*PICTURES, PDF, OFD, DOCX, XLSX, *FILMS, MP3, AMR, WAV)
        for extension in kind.extensions
    }
)
CONTENT_TYPES: Final = tuple(dict.fromkeys(KEPT_AS.get(kind, kind).content_type for kind in KINDS.values()))
"""What a file is given back as."""
_AS_OFFICE: Final = "请用 WPS 或 Word、Excel 打开（有密码的先去掉密码），另存为 docx、xlsx 或 PDF 后再上传。"
_AS_JPG: Final = "请先另存为 JPG 后再上传。"
_AS_MP4: Final = "请先转存为 MP4 视频后再上传。"
_AS_FILES: Final = "请先解压，把里面的文件逐个上传。"
_AS_PDF: Final = "请先另存为 PDF 或截成图片后再上传。"
WAYS_OUT: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("doc", "xls", "ppt", "pptx", "wps", "et", "docm", "xlsm", "rtf", "csv"), _AS_OFFICE),
        **dict.fromkeys(("bmp", "tif", "tiff", "avif", "gif"), _AS_JPG),
        **dict.fromkeys(("zip", "rar", "7z"), _AS_FILES),
        **dict.fromkeys(("avi", "mkv", "wmv", "3gp", "flv", "m4v", "webm"), _AS_MP4),
    }
)


def kind_named(name: str) -> Kind:
    """The kind a file's name claims; raises UnsupportedType for one that is not taken."""
    extension = extension_of(name)
    if extension in KINDS:
        return KINDS[extension]
    said = f".{extension} 文件" if extension else "没有扩展名的文件"
    raise unsupported(f"不能上传{said}。", WAYS_OUT.get(extension, _AS_PDF))


def extension_of(name: str) -> str:
    """What stands after the last dot, in lower case; empty when there is none."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem else ""


def with_extension(name: str, kind: Kind) -> str:
    """The name with an extension that its content is opened by."""
    extension = extension_of(name)
    if extension in kind.extensions and extension not in SHOWN_AS:
        return name
    return f"{name.rpartition('.')[0]}.{kind.extensions[0]}"


def unsupported(what: str, way_out: str = _AS_PDF) -> UnsupportedType:
    """A refusal that says what is wrong, what is taken and how to go on."""
    return UnsupportedType(f"{what}可以上传：{ALLOWED}。{way_out}", field=FIELD)


def mismatch(kind: Kind, found: str) -> UnsupportedType:
    """A refusal of a content that is not what its name claims; `found` is the extension it looks like, if any."""
    claimed = f"文件名是 {kind.label}，内容却"
    if found in KINDS:
        return unsupported(f"{claimed}是 {KINDS[found].label}。", f"请把扩展名改为 .{found} 后再上传。")
    looks = f"像是 .{found} 文件" if found else "不是"
    return unsupported(f"{claimed}{looks}，可能已损坏或被改过扩展名。", WAYS_OUT.get(found, _AS_PDF))
