"""The demo county's papers: slips of what is handled, letters of late ones, one joint handling, one case brought up."""

from devkit.demo.documents.make import make_documents

__all__ = ["make_documents"]
