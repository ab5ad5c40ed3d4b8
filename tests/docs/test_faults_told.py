"""Every line of “What one fault does” in the guide names a test that there is."""

import re

from django.conf import settings

LINE = re.compile(r"^\| [^|]+ \| [^|]+ \| [^|]+ \| `(?P<file>tests/[\w/]+\.py)::(?P<test>\w+)` \|$", re.M)


def test_each_line_is_a_test_and_each_stands_once() -> None:
    guide = (settings.BASE_DIR / "docs" / "operations.md").read_text()
    part = guide.partition("\n## What one fault does\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")][1:]
    found = [(match["file"], match["test"]) for match in LINE.finditer(part)]
    assert len(found) == len(lines) == len(set(found)) > 10
    for file, test in found:
        assert f"\ndef {test}(" in (settings.BASE_DIR / file).read_text(), (file, test)
