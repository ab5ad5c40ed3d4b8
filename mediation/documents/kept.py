"""A paper as words that can be kept: what stood on it at the moment it was signed, whatever changes afterwards."""

import json
from dataclasses import asdict

from mediation.documents.docx import write_paper
from mediation.documents.form import Addressed, Annex, Block, Fields, Grid, Heading, Paper, Prose, Signs

WRITER = "mediation"
KINDS: dict[str, type[Block]] = {
    "fields": Fields,
    "grid": Grid,
    "prose": Prose,
    "signs": Signs,
    "addressed": Addressed,
    "heading": Heading,
    "annex": Annex,
}
"""Blocks of words. Pictures and contents stand on no paper that is signed."""


def kept_words(paper: Paper) -> str:
    """The words of a paper, for `written_of_words` later."""
    return json.dumps(asdict(paper), ensure_ascii=False)


def written_of_words(words: str) -> bytes:
    """The DOCX of kept words."""
    told = json.loads(words)
    blocks = [KINDS[block["kind"]](**block) for block in told.pop("blocks")]
    return write_paper(Paper(blocks=blocks, **told), "")
