"""`python -m devkit.development`: the development server."""

import sys

from devkit.development.program import run

if __name__ == "__main__":
    sys.exit(run())
