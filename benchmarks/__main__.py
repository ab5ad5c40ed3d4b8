"""Start servers of its own, fill them, measure, print. Never asserts: machines differ, ratios are for reading."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from zhongzhi.embedded.postgres import Postgres
from zhongzhi.embedded.valkey import Valkey


def main() -> None:
    """One run in a data folder of its own, which is thrown away."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--cases", type=int, default=100_000, help="open cases in the table (default 100,000)")
    parser.add_argument("only", nargs="*", help="register, list, sweep, person, pull; all without a name")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zz-bench-") as name:
        data = Path(name).resolve()
        data.chmod(0o711)
        os.environ |= {"ZHONGZHI_DATA": name, "LOG_LEVEL": "ERROR", "API_PERSON_PER_MINUTE": "1000000"}
        servers = (Postgres(data), Valkey(data, fast=True))
        try:
            for server in servers:
                server.start()
            _measure(options.cases, options.only)
        finally:
            for server in servers:
                server.stop()


def _measure(cases: int, only: list[str]) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhongzhi.settings"
    import django

    django.setup()
    from benchmarks import ground, measures

    ground.fill(cases)
    print(f"{cases:,} open cases, {os.cpu_count()} cores")
    for name, measure in measures.ALL.items():
        if not only or name in only:
            for line in measure():
                print(f"{name:9}{line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
