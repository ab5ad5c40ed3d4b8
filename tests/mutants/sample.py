"""Which mutants are tried: some of every module; a line that changes draws others only for itself."""

import math
import tomllib
from hashlib import sha256
from pathlib import Path

from tests.mutants.mutators import Mutant, mutants_of
from tests.mutants.targets import NAMED, ROOT, TARGETS

SEED, SIZE, FEWEST = 12, 220, 3
EQUIVALENTS = Path(__file__).with_name("equivalents.toml")


def all_mutants() -> dict[str, list[Mutant]]:
    """Every mutant there is, by module."""
    return {path: mutants_of(path, (ROOT / path).read_text(encoding="utf-8")) for path in TARGETS}


def sampled(size: int = SIZE, seed: int = SEED) -> list[Mutant]:
    """Of each module a share by the root of its size, so that small ones come to their turn; and those with a name."""
    known = all_mutants()
    roots = {path: math.sqrt(len(mutants)) for path, mutants in known.items()}
    found: list[Mutant] = []
    for path, mutants in known.items():
        share = min(len(mutants), max(FEWEST, round(size * roots[path] / sum(roots.values()))))
        chosen = sorted(mutants, key=lambda m: sha256(f"{seed} {m.key}".encode()).digest())[:share]
        found += sorted({*chosen, *(m for m in mutants if has_name(m))}, key=lambda m: (m.line, m.at, m.variant))
    return found


def has_name(mutant: Mutant) -> bool:
    """Whether it is one of those that lived through all tests once."""
    return any(
        mutant.key.startswith(f"{path}::{owner}::{kind}::") and what in mutant.before
        for path, owner, kind, what in NAMED
    )


def equivalents() -> dict[str, str]:
    """Mutants that no test can notice, because they mean the same, each with the reason."""
    return {row["key"]: row["reason"] for row in tomllib.loads(EQUIVALENTS.read_text(encoding="utf-8"))["same"]}
