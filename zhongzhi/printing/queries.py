"""Reading signed papers: what is due, what is signed of one, whether it is still what was signed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from django.db.models import QuerySet

from zhongzhi.core import sm2
from zhongzhi.files import store
from zhongzhi.printing.models import SignedPaper

CHUNK = 500


def papers_due(now: datetime) -> QuerySet[SignedPaper]:
    """Papers whose PDF is to be made, the oldest first."""
    return SignedPaper.objects.filter(next_at__lte=now).order_by("next_at", "pk")


def papers_made() -> Iterator[SignedPaper]:
    """All that have their PDF."""
    return (
        SignedPaper.objects.filter(pdf__isnull=False).select_related("document", "pdf").order_by("pk").iterator(CHUNK)
    )


def statement_of(paper: SignedPaper) -> bytes:
    """What the installation signs: which paper, of which moment, and the digests of its two files."""
    assert paper.document is not None and paper.pdf is not None  # noqa: S101 - a made paper has both
    said = {
        "uid": str(paper.uid),
        "title": paper.title,
        "signed_at": paper.signed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "document": paper.document.sm3,
        "pdf": paper.pdf.sm3,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def is_whole(paper: SignedPaper) -> bool:
    """Whether both files lie there as they were kept and the signature, where there is one, holds."""
    for file in (paper.document, paper.pdf):
        try:
            if file is None or store.measure(file.path)[1] != file.sm3:
                return False
        except FileNotFoundError:
            return False
    return not paper.signature or sm2.verify(statement_of(paper), paper.signature) is not sm2.Verdict.INVALID
