"""The guide for contributors names files that are there."""

import re

from tests.docs.commands import ROOT

NAMED = re.compile(r"`([\w.-]+/[\w./-]*)`")


def test_the_guide_names_only_files_that_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(NAMED.findall(text))
    assert len(named) > 60
    assert sorted(path for path in named if not (ROOT / path).exists()) == []
