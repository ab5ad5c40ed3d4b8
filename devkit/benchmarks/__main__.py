"""Start servers of its own, fill them, measure, print. Never asserts: machines differ, ratios are for reading.

Every module of this package that has a table `MEASURES = {"name": function}` takes part; each function gives `Line`s.
"""

import argparse
import importlib
import os
import pkgutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from devkit import benchmarks, installation
from devkit.benchmarks.lines import Lines
from devkit.benchmarks.report import Report
from devkit.servers.postgres import Postgres
from devkit.servers.valkey import Valkey

LAST = ("keys", "sizes", "escalation", "sweep", "pages", "figures", "counting", "warnings")
"""Measures that change the ground for those after them."""
APART = ("pages", "figures", "counting", "warnings")
"""Measures of cases with a year of history; the others want open cases, and the sweep makes ten times as many."""


def main() -> None:
    """One run in a data folder of its own, which is thrown away unless it is to be kept."""
    parser = argparse.ArgumentParser(prog="python -m devkit.benchmarks")
    parser.add_argument("--cases", type=int, default=100_000, help="cases in the table (default 100,000)")
    parser.add_argument("--write", action="store_true", help="keep the figures in docs/benchmarks.md")
    parser.add_argument("--ground", choices=["open", "history"], help="measures of open cases, or of a year's history")
    parser.add_argument("--kept-in", type=Path, help="a folder that keeps servers and cases for further runs")
    parser.add_argument("only", nargs="*", help="names of measures; all without a name")
    options = parser.parse_args()
    if not options.only and not options.ground:
        return _each_on_its_ground(sys.argv[1:])
    with _folder(options.kept_in) as data:
        data.chmod(0o711)
        os.environ |= {"ZHONGZHI_DATA": str(data), "LOG_LEVEL": "ERROR", "API_PERSON_PER_MINUTE": "1000000"}
        installation.prepare(data)
        servers = (Postgres(data, settings=_as_on_a_server()), Valkey(data, fast=True))
        try:
            for server in servers:
                server.start()
            _measure(options, options.only, options.ground)
        finally:
            for server in servers:
                server.stop()


def _each_on_its_ground(arguments: list[str]) -> None:
    """All measures, in two runs with servers of their own."""
    for ground in ("open", "history"):
        subprocess.run([sys.executable, "-m", "devkit.benchmarks", *arguments, "--ground", ground], check=True)


def _as_on_a_server() -> tuple[str, ...]:
    """The memory that docs/deployment.md asks for: PostgreSQL's own default is for the smallest machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return (f"shared_buffers={memory // 4}MB", f"effective_cache_size={memory * 3 // 4}MB")


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    """The folder named, made where it is not there yet; else one that is thrown away."""
    if kept is not None:
        kept.mkdir(exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="zz-bench-") as name:
        yield Path(name).resolve()


def _measure(options: argparse.Namespace, only: list[str], ground_wanted: str | None) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhongzhi.settings"
    import django

    django.setup()
    from devkit.benchmarks import ground
    from zhongzhi.web.loading import load_the_program

    known = _measures()
    if unknown := set(only) - set(known):
        sys.exit(f"no measure {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
    if ground_wanted and not only:
        only = [name for name in known if (name in APART) == (ground_wanted == "history")]
    ground.fill(options.cases, options.kept_in, counted=not only or not set(only) <= set(APART))
    load_the_program()  # as a web process does
    print(f"{options.cases:,} cases, {os.cpu_count()} cores")
    report = Report(options.cases)
    for name, measure in known.items():
        if not only or name in only:
            for line in measure():
                print(f"{name:12}{line}", flush=True)
                report.add(name, line)
    if options.write:
        report.write()
    if options.kept_in is not None:
        ground.keep(options.kept_in)


def _measures() -> dict[str, Callable[[], Lines]]:
    """All measures of all modules, those that change the ground last."""
    found: dict[str, Callable[[], Lines]] = {}
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if module.name != "__main__":
            found |= getattr(importlib.import_module(f"devkit.benchmarks.{module.name}"), "MEASURES", {})
    return dict(sorted(found.items(), key=lambda item: LAST.index(item[0]) + 1 if item[0] in LAST else 0))


if __name__ == "__main__":
    main()
