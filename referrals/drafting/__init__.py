"""Drafts of documents: the facts they state, the words made of them, the rows.

Shared by the acts of people (`referrals.actions`) and by what the clock drafts (`referrals.escalation`).
"""

from referrals.drafting.drafts import Draft, write_draft, write_drafts

__all__ = ["Draft", "write_draft", "write_drafts"]
