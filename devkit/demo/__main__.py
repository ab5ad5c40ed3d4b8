"""`python -m zhongzhi.embedded`: the demo."""

import sys

from devkit.demo.run import run

if __name__ == "__main__":
    sys.exit(run())
