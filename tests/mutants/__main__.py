"""`make mutants`: how many small changes of the program the tests notice.

python -m tests.mutants                    the sample, in build/mutants.jsonl and as a table
python -m tests.mutants --only clocks      of modules with this in their path
python -m tests.mutants --all --only pace  every mutant of a module, not a sample
"""

import argparse
import json
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.mutants.mutators import Mutant
from tests.mutants.running import Ground
from tests.mutants.sample import all_mutants, equivalents, sampled
from tests.mutants.targets import ROOT, TARGETS

OUT = ROOT / "build" / "mutants.jsonl"


Row = dict[str, Any]


def main() -> int:
    asked = _asked()
    chosen = [m for ms in all_mutants().values() for m in ms] if asked.all else sampled()
    chosen = [mutant for mutant in chosen if asked.only in mutant.path]
    before, same = {(row["key"], row["of"]): row for row in _rows(OUT)}, equivalents()
    rows: list[Row] = []
    with Ground() as ground:
        for path in dict.fromkeys(mutant.path for mutant in chosen):
            mutants = [mutant for mutant in chosen if mutant.path == path]
            rows += _module(ground, path, mutants, before, same)
    print(table(rows))
    return 0


def _module(
    ground: Ground, path: str, mutants: list[Mutant], before: dict[Any, Row], same: dict[str, str]
) -> list[Row]:
    """The mutants of one module; its tests must pass as it is."""
    of, rows = _digest(path), []
    print(path, flush=True)
    if any((mutant.key, of) not in before for mutant in mutants):
        as_it_is = ground.try_out(TARGETS[path])
        if as_it_is.killed:
            sys.exit(f"the tests of {path} do not pass as they are: {as_it_is.by}")
    for mutant in mutants:
        row = before.get((mutant.key, of)) or _tried(ground, mutant, of)
        row["said"] = "noticed" if row["killed"] else "the same" if mutant.key in same else "LIVES"
        if (mutant.key, of) not in before:
            _add(row)
        rows.append(row)
        what = f"{mutant.line}: {mutant.kind}: {mutant.before} -> {mutant.after}"
        print(f"  {row['said']:10} {row['seconds']:6} s  {what}", flush=True)
    return rows


def _tried(ground: Ground, mutant: Mutant, of: str) -> Row:
    outcome = ground.try_out(TARGETS[mutant.path], mutant)
    facts = {"path": mutant.path, "line": mutant.line, "kind": mutant.kind, "key": mutant.key, "of": of}
    return facts | {"killed": outcome.killed, "by": outcome.by, "seconds": outcome.seconds}


def _digest(path: str) -> str:
    """What tells whether a module or its tests have changed."""
    digest = sha256()
    for name in (path, *TARGETS[path]):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()[:16]


def table(rows: list[Row]) -> str:
    """The figures by module, as Markdown."""
    lines = ["| module | mutants | noticed | mean the same | live |", "|---|---:|---:|---:|---:|"]
    total: Counter[str] = Counter()
    for path in dict.fromkeys(str(row["path"]) for row in rows):
        said = Counter(str(row["said"]) for row in rows if row["path"] == path)
        total += said
        lines.append(_line(path, said))
    lines.append(_line("**all**", total))
    different = total["noticed"] + total["LIVES"]
    share = 100 * total["noticed"] / different if different else 100
    return "\n".join([*lines, "", f"Of {different} that do not mean the same, {share:.1f} % are noticed."])


def _line(name: str, said: Counter[str]) -> str:
    return f"| {name} | {said.total()} | {said['noticed']} | {said['the same']} | {said['LIVES']} |"


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def _add(row: Row) -> None:
    OUT.parent.mkdir(exist_ok=True)
    with OUT.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="")
    parser.add_argument("--all", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
