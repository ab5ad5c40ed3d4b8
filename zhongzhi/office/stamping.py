"""The places of a paper where seals and hands are put when it is signed."""

from zhongzhi.office.measures import LINE

HAND, SEAL = "paper_hand", "paper_seal"
SEAL_OVER_DATE = -LINE.pt / 2
"""Points down from the middle of the date: the agency and the date share the middle of the seal, and its upper edge
stays within a line of the text (GB/T 9704-2012, 7.3.5.1)."""

SEAL_BELOW_SIGNATURES = 24.0
"""Points down from its line: the seal of an agreement leaves the signatures above it readable."""


def signature_place(at: int) -> str:
    """The line of a signature, counted from nought."""
    return f"paper_signature{at}"
