"""`python -m devkit.screenshots handbook|pages [NAME …]`: take pictures of the demo county."""

import sys
from collections.abc import Callable
from pathlib import Path

from devkit.screenshots.demo_pages import DemoPages, NotReady, open_demo
from devkit.screenshots.handbook import write_pictures
from devkit.screenshots.sheets import write_sheets

WHAT: dict[str, Callable[[DemoPages, list[str]], list[Path]]] = {"handbook": write_pictures, "pages": write_sheets}


def main(arguments: list[str]) -> int:
    """Take the pictures and say where they are."""
    if not arguments or arguments[0] not in WHAT:
        print(f"usage: python -m devkit.screenshots {{{','.join(WHAT)}}} [NAME …]", file=sys.stderr)
        return 2
    try:
        with open_demo() as demo:
            written = WHAT[arguments[0]](demo, arguments[1:])
    except NotReady as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(str(path) for path in written))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
