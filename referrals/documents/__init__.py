"""How a document looks: its words from the kind's templates, its pages in the form of GB/T 9704-2012."""

from referrals.documents.docx import docx_of
from referrals.documents.posting import postings_of
from referrals.documents.sheet import Sheet, example_sheet, sheet_of
from referrals.documents.words import WORDS, check_templates, written

__all__ = ["WORDS", "Sheet", "check_templates", "docx_of", "example_sheet", "postings_of", "sheet_of", "written"]
