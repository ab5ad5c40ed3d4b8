"""The pages of the demo county alone, without worker and beat: nothing moves while pictures are taken."""

import sys

from devkit.demo.program import run, served_programs

if __name__ == "__main__":
    sys.exit(run(choose=lambda place: served_programs(place)[:1]))
