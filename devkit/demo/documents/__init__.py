"""The demo county's papers: slips of what is being handled, the letters of late ones, one joint handling, one climb."""

from devkit.demo.documents.papers import make_papers

__all__ = ["make_papers"]
