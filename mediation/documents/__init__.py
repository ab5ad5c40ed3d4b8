"""The papers of a mediation: built from its data once, written as word-processor documents."""

from mediation.documents.build import papers_of
from mediation.documents.docx import write_paper, write_whole_file
from mediation.documents.form import Paper
from mediation.documents.zipped import zip_of_file

__all__ = ["Paper", "papers_of", "write_paper", "write_whole_file", "zip_of_file"]
