"""PDF of the papers of this room, made of the finished DOCX: written once, on paper twice."""

from zhongzhi.office.pdf.ink import as_ink
from zhongzhi.office.pdf.rendering import CannotSet, Stamp, pdf_of

__all__ = ["CannotSet", "Stamp", "as_ink", "pdf_of"]
