"""Every kind of slip, letter and notice as LibreOffice lays it out: whole, and no signature alone on a page."""

from pathlib import Path

import pytest

from referrals.documents import WORDS, Sheet, docx_of, written
from referrals.management.commands.load_document_kinds import kinds_of_preset
from tests.office.sheets import BOTH, as_pdfs, bare, shown

pytestmark = pytest.mark.papers
GROUNDS = {"decline_notice": {"ground": "已进入信访办理、复查或复核程序"}}


def sheet(kind: dict[str, str]) -> Sheet:
    words = {**WORDS, **GROUNDS.get(kind["code"], {})}
    body = written(kind["body_template"], words)
    return Sheet(
        form=kind.get("form", "slip"),
        agency=WORDS["issuer"],
        kind=kind["name"],
        number=f"扎鲁特综{kind['word']}〔2026〕1号",
        level="",
        subject=written(kind["subject_template"], words),
        addressee=WORDS["party"] if kind.get("addressee") == "party" else WORDS["addressee"],
        paragraphs=tuple(body.splitlines()),
        signer="李建国",
        date="2026年11月24日",
        is_draft=False,
        by_system=False,
        wants_receipt=False,
    )


@BOTH
def test_every_kind_of_every_preset_is_a_paper_that_says_all_its_words(by: str, tmp_path: Path) -> None:
    sheets = {f"{preset}-{kind['code']}": sheet(kind) for preset in ("standard", "transfer", "feedback")
              for kind in kinds_of_preset(preset) if preset == "standard" or "copy" not in kind}  # fmt: skip
    pages = as_pdfs(tmp_path, {name: docx_of(found) for name, found in sheets.items()}, by)
    shown(f"kind-{by}", tmp_path)
    for name, found in sheets.items():
        whole = bare("".join(pages[name]))
        missing = [text for text in (found.subject, *found.paragraphs) if not _says(whole, text)]
        assert missing == [], name
        assert "0475-" not in whole or "0475-7221234" in "".join(pages[name])
        assert len(pages[name]) <= 2 and any(bare(text)[-6:] in bare(pages[name][-1]) for text in found.paragraphs[-2:])


def _says(whole: str, text: str) -> bool:
    """Whether the page says it; a page number may stand in the midst of a paragraph that a page divides."""
    words = bare(text)
    return words in whole or (words[:20] in whole and words[-20:] in whole)
