"""`make mutants`: how many small changes of the program the tests notice.

python -m tests.mutants                    the sample, in build/mutants.jsonl and as a table
python -m tests.mutants --only clocks      of modules with this in their path
python -m tests.mutants --again            those that lived in the last run, once more
python -m tests.mutants --all --only pace  every mutant of a module, not a sample
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from tests.mutants.mutators import Mutant
from tests.mutants.running import Ground
from tests.mutants.sample import all_mutants, equivalents, sampled
from tests.mutants.targets import ROOT, TARGETS

OUT = ROOT / "build" / "mutants.jsonl"


def main() -> int:
    asked = _asked()
    chosen = [m for ms in all_mutants().values() for m in ms] if asked.all else sampled()
    chosen = [mutant for mutant in chosen if asked.only in mutant.path]
    lived = {row["key"] for row in _rows(OUT) if not row["killed"]}
    if asked.again:
        chosen = [mutant for mutant in chosen if mutant.key in lived]
    rows = {} if not asked.again else {row["key"]: row for row in _rows(OUT)}
    same = equivalents()
    with Ground() as ground:
        for path in dict.fromkeys(mutant.path for mutant in chosen):
            as_it_is = ground.try_out(TARGETS[path])
            if as_it_is.killed:
                sys.exit(f"the tests of {path} do not pass as they are: {as_it_is.by}")
            print(f"{path}: {as_it_is.seconds} s as it is", flush=True)
            for mutant in (mutant for mutant in chosen if mutant.path == path):
                rows[mutant.key] = row = _tried(ground, mutant, same)
                _write(rows)
                what = f"{mutant.line}: {mutant.kind}: {mutant.before} -> {mutant.after}"
                print(f"  {row['said']:10} {row['seconds']:6} s  {what}", flush=True)
    print(table(list(rows.values())))
    return 0


def _tried(ground: Ground, mutant: Mutant, same: dict[str, str]) -> dict[str, object]:
    outcome = ground.try_out(TARGETS[mutant.path], mutant)
    said = "noticed" if outcome.killed else "the same" if mutant.key in same else "LIVES"
    facts = {"path": mutant.path, "line": mutant.line, "kind": mutant.kind, "key": mutant.key}
    return facts | {"killed": outcome.killed, "by": outcome.by, "seconds": outcome.seconds, "said": said}


def table(rows: list[dict[str, object]]) -> str:
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


def _rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def _write(rows: dict[str, dict[str, object]]) -> None:
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows.values()), encoding="utf-8")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--all", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
