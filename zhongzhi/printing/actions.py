"""Keeping what was signed: its words in the transaction of the signature, its PDF right after it."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from zhongzhi.core import ciphers
from zhongzhi.core.sm2 import sign
from zhongzhi.files import store
from zhongzhi.files.actions import keep_made
from zhongzhi.files.kinds import DOCX, PDF
from zhongzhi.files.models import StoredFile
from zhongzhi.files.queries import stored_file
from zhongzhi.office.pdf import Stamp, as_ink, pdf_of
from zhongzhi.printing.extension_points import writers
from zhongzhi.printing.models import SignedPaper, words_aad
from zhongzhi.printing.queries import papers_due, statement_of

log = logging.getLogger(__name__)
WAIT = timedelta(minutes=5)


def keep_signed_document(title: str, document: StoredFile, at: datetime, stamps: Sequence[Any] = ()) -> SignedPaper:
    """Keep a paper whose DOCX was written by the act that signs it; called in its transaction."""
    return SignedPaper.objects.create(
        title=title[:300], document=document, signed_at=at, stamps=list(stamps), next_at=at
    )


def keep_signed_words(title: str, words: str, at: datetime, *, writer: str, stamps: Sequence[Any] = ()) -> SignedPaper:
    """Keep the words of a paper, which `writer` turns into its DOCX when the transaction is over: long papers take
    seconds to write."""
    paper = SignedPaper(title=title[:300], signed_at=at, writer=writer, stamps=list(stamps), next_at=at)
    paper.words_sealed = ciphers.seal(words, aad=words_aad(paper))
    paper.save()
    return paper


def make_due_papers(now: datetime, *, limit: int = 20) -> int:
    """Make the PDFs that are due; how many. One that fails waits, longer each time, and holds up no other."""
    return sum(_tried(paper, now) for paper in papers_due(now)[:limit])


def make_paper(paper: SignedPaper) -> SignedPaper:
    """The paper with its PDF; made now where it is not there yet. Raises CannotSet beyond the limits."""
    if paper.pdf_id is not None:
        return paper
    content = bytes_of(paper.document) if paper.document else writers[paper.writer](paper.words)
    pdf = set_as_pdf(paper, content)
    with transaction.atomic():
        fresh = SignedPaper.objects.select_for_update().get(pk=paper.pk)
        if fresh.pdf_id is not None:
            return fresh
        if fresh.document is None:
            fresh.document = keep_made(f"{fresh.title}.docx", content, DOCX, actor=None)
        fresh.pdf = keep_made(f"{fresh.title}.pdf", pdf, PDF, actor=None)
        fresh.words_sealed, fresh.next_at = None, None
        fresh.signature = sign(statement_of(fresh))
        fresh.save()
    return fresh


def set_as_pdf(paper: SignedPaper, document: bytes, *, watermark: str = "") -> bytes:
    """The DOCX of a signed paper as PDF, with the seals and hands of that moment; `watermark` where it is void."""
    stamps = [Stamp(**stamp["place"], picture=f"stamp-{at}.png") for at, stamp in enumerate(paper.stamps)]
    pictures: Mapping[str, bytes] = {
        f"stamp-{at}.png": as_ink(bytes_of(stored_file(UUID(stamp["file"])))) for at, stamp in enumerate(paper.stamps)
    }
    return pdf_of(
        document, title=paper.title, at=paper.signed_at, watermark=watermark, stamps=stamps, pictures=pictures
    )


def bytes_of(file: StoredFile) -> bytes:
    """What lies on the disk."""
    with store.opened(file.path) as source:
        return source.read()


def _tried(paper: SignedPaper, now: datetime) -> int:
    try:
        make_paper(paper)
    except Exception as error:
        tries = paper.tries + 1
        SignedPaper.objects.filter(pk=paper.pk, pdf=None).update(tries=tries, next_at=now + WAIT * min(tries, 12))
        log.exception("signed paper is not made", extra={"paper": paper.pk, "error": type(error).__name__})
        return 0
    return 1
