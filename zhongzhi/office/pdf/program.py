"""A program of its own: what was read from a DOCX of this room, set as PDF.

What is set is what people wrote, and setting type can run long. So it is done in a process of its own that may use so
much memory and time and no more; whatever becomes of it, the caller goes on. The PDF is one for archives (PDF/A-2b):
its faces are in it. Those of an office come first (ZHONGZHI_FONTS names their folder), then free ones of a package; a
face without a heavy cut of its own is thickened where the standard wants weight.

    python program.py < job.json > paper.pdf    job: at (seconds), paper (data), files (name: base64)
"""

import base64
import json
import os
import resource
import shutil
import sys
from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

MOST_MEMORY: Final = 2 << 30
MOST_SECONDS: Final = 60
STANDARD: Final = "a-2b"
OWN_FACES: Final = "ZHONGZHI_FONTS"
SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
NAMES: Final = {
    "仿宋_GB2312": ("FangSong_GB2312", "仿宋", "FangSong", "STFangsong", "华文仿宋"),
    "方正小标宋简体": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋_GBK", "STZhongsong", "华文中宋"),
    "黑体": ("SimHei", "STHeiti"),
    "楷体_GB2312": ("KaiTi_GB2312", "楷体", "KaiTi", "STKaiti", "华文楷体"),
    "宋体": ("SimSun", "STSong", "华文宋体"),
}
"""Font files carry an English name beside the Chinese one; either is found."""
TEMPLATES: Final = ("paper.typ", "charts.typ")
THICKENED: Final = "方正小标宋简体"


def main() -> int:
    """Set the job on the standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    import pylopdf_fonts_zh_cn
    import typst

    job = json.load(sys.stdin)
    folders = [str(Path(pylopdf_fonts_zh_cn.__file__).parent)]
    own = os.environ.get(OWN_FACES, "")
    folders = [own, *folders] if own and Path(own).is_dir() else folders
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    with TemporaryDirectory() as place:
        for name, content in job["files"].items():
            Path(place, name).write_bytes(base64.b64decode(content))
        data = {**job["paper"], "faces": faces_of(fonts.families())}
        Path(place, "paper.json").write_text(json.dumps(data))
        for name in TEMPLATES:
            shutil.copy(Path(__file__).with_name(name), place)
        sys.stdout.buffer.write(_set(Path(place, TEMPLATES[0]), fonts, job["at"]))
    return 0


def _set(template: Path, fonts: Any, at: int) -> bytes:
    """For archives; a character that no face has is an empty box, which archives refuse: then a plain PDF."""
    import typst

    given: Any = {"root": template.parent, "font_paths": fonts, "ignore_system_fonts": True, "timestamp": at}
    try:
        content: bytes = typst.compile(template, pdf_standards=STANDARD, **given)
    except typst.TypstError:
        content = typst.compile(template, **given)
    return content


def faces_of(there: Collection[str]) -> dict[str, Any]:
    """For each face of a paper the families to try, in this order, and whether it must be thickened."""
    found = {}
    for name, others in NAMES.items():
        own = [family for family in (name, *others) if family in there]
        last = [SANS, SERIF] if name == "黑体" else [SERIF, SANS]
        found[name] = {"families": [*own, *last], "thicken": name == THICKENED and not own}
    return found


if __name__ == "__main__":
    sys.exit(main())
