"""Run the tests of what changed: `python -m devkit.changed_tests [COMMIT]`, by default since the last commit.

A changed test file is run itself; a changed module, page or script runs the tests of its app. What everything stands on
(`zhongzhi`'s composition, conftest, packages, `static`) runs the tests of architecture and access. The test database is
kept. Apps that stand on a changed one are not tested: `make test` does that.
"""

import subprocess
import sys
from pathlib import Path, PurePosixPath

from devkit.servers import ROOT

GROUND = ["tests/architecture", "tests/access"]
BESIDE = {  # folder of the code: folders of its tests, where they are not called the same
    "workbench/statistics": ["tests/statistics"],
    "workbench/operations": ["tests/operations"],
    "workbench/meetings": ["tests/workbench"],
    "devkit/demo/cases": ["tests/statistics/test_demo_cases.py"],
    "devkit/demo/county": ["tests/grids/test_demo_county.py"],
    "devkit/demo/mediations": ["tests/mediation/test_demo.py"],
    "devkit/demo/documents": ["tests/referrals/test_demo_papers.py"],
    "templates/statistics": ["tests/statistics"],
    "templates/citizen": ["tests/intake/test_pages_citizen.py"],
    "templates/parts": ["tests/web"],
    "static": GROUND,
    "docs": ["tests/docs"],
}
SHAPES = ("models", "migrations")  # where a change makes the kept database old


def changed(since: str) -> list[str]:
    """Files that differ from a commit, new ones among them."""
    asked = (["diff", "--name-only", since], ["ls-files", "--others", "--exclude-standard"])
    answers = [subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True) for words in asked]
    return sorted({name for answer in answers for name in answer.stdout.splitlines()})


def tests_of(names: list[str]) -> list[str]:
    """The test files and folders for these files; a folder takes in what lies in it."""
    found = {place for name in names for place in _tests_of(PurePosixPath(name)) if (ROOT / place).exists()}
    return sorted(place for place in found if not any(str(above) in found for above in PurePosixPath(place).parents))


def is_old(names: list[str]) -> bool:
    """Whether the kept database may lack what the changed files say of tables."""
    return any(set(SHAPES) & {part.removesuffix(".py") for part in PurePosixPath(name).parts} for name in names)


def _tests_of(path: PurePosixPath) -> list[str]:
    if path.parts[0] == "tests":
        return [str(path) if path.name.startswith("test_") else str(path.parent)] if len(path.parts) > 2 else GROUND
    for folder in path.parents:
        if str(folder) in BESIDE:
            return BESIDE[str(folder)]
    rooms = [part for part in path.with_suffix("").parts[:2] if part != "zhongzhi"]
    return [f"tests/{room}" for room in rooms if (ROOT / "tests" / room).is_dir()] or GROUND


def main(arguments: list[str]) -> int:
    """Run pytest with these tests; without a change there is nothing to do."""
    names = changed(arguments[0] if arguments else "HEAD")
    places = tests_of([name for name in names if Path(name).suffix != ".md" or name.startswith("docs/")])
    if not places:
        print("没有改动，不需要测试。")
        return 0
    print(f"改动 {len(names)} 个文件，运行：{' '.join(places)}", flush=True)
    database = "--create-db" if is_old(names) else "--reuse-db"
    command = [sys.executable, "-m", "pytest", "--quiet", "-n", "2", database, *places]
    return subprocess.call(command, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
