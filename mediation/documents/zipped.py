"""The whole file in one ZIP: every paper, the file as one document, what was handed in, and a list with digests."""

import re
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO

from mediation.documents.docx import write_paper, write_whole_file
from mediation.documents.form import Paper
from mediation.models import Mediation
from mediation.queries.signed_papers import signed_papers_of
from zhongzhi.core.ciphers import sm3
from zhongzhi.files import store

IN_MEMORY = 8 * 1024 * 1024
UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def zip_of_file(mediation: Mediation, papers: Sequence[Paper], head: str) -> IO[bytes]:
    """The open ZIP, at its start. Large ones lie on the disk while they are sent; nothing of it stays."""
    target = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    digests = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _documents(papers, head):
            archive.writestr(name, content)
            digests.append(f"{sm3(content)}  {name}")
        for name, place, digest in (*_signed(mediation), *_handed_in(mediation)):
            with store.opened(place) as source, archive.open(name, "w") as written:
                shutil.copyfileobj(source, written)
            digests.append(f"{digest}  {name}")
        archive.writestr("文件清单（SM3）.txt", "\n".join(digests) + "\n")
    target.seek(0)
    return target


def file_name(paper: Paper, at: int) -> str:
    """How a paper is called among others: 03 人民调解申请书.docx."""
    number = f" {paper.number}" if paper.number.startswith("第") else ""
    return UNSAFE.sub("_", f"{at:02d} {paper.title}{number}.docx")


def _documents(papers: Sequence[Paper], head: str) -> Iterator[tuple[str, bytes]]:
    yield "00 全卷.docx", write_whole_file(papers, head)
    for at, paper in enumerate(papers, 1):
        yield f"文书/{file_name(paper, at)}", write_paper(paper, head)


def _signed(mediation: Mediation) -> Iterator[tuple[str, str, str]]:
    """The agreements as they came into force, in the bytes that were kept."""
    for _, agreement in signed_papers_of(mediation):
        pdf = agreement.paper.pdf if agreement.paper else None
        if pdf is not None and store.has(pdf.path):
            yield f"签署件/{UNSAFE.sub('_', pdf.name)}", pdf.path, pdf.sm3


def _handed_in(mediation: Mediation) -> Iterator[tuple[str, str, str]]:
    rows = mediation.materials.filter(attachment__removed_at__isnull=True).select_related("attachment__file")
    for at, material in enumerate(rows.order_by("kind", "pk"), 1):
        file = material.attachment.file
        if store.has(file.path):
            name = UNSAFE.sub("_", f"{at:02d} {material.get_kind_display()} {file.name}")
            yield f"材料/{name}", file.path, file.sm3
