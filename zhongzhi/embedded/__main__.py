"""`python -m zhongzhi.embedded`: the demo."""

import sys

from zhongzhi.embedded.demo import run

if __name__ == "__main__":
    sys.exit(run())
