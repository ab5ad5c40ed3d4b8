"""`python -m devkit.demo`: the demo."""

import sys

from devkit.demo.program import run

if __name__ == "__main__":
    sys.exit(run())
