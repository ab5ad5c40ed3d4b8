"""The papers of a mediation: built from its data once, written as word-processor documents."""

from mediation.documents.build import papers_of, signed_agreement
from mediation.documents.docx import write_paper, write_whole_file
from mediation.documents.form import Paper
from mediation.documents.kept import WRITER, kept_words, written_of_words
from mediation.documents.stamps import stamps_of_agreement
from mediation.documents.zipped import zip_of_file

__all__ = [
    "WRITER",
    "Paper",
    "kept_words",
    "papers_of",
    "signed_agreement",
    "stamps_of_agreement",
    "write_paper",
    "write_whole_file",
    "written_of_words",
    "zip_of_file",
]
