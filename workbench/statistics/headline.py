"""Which rate of resolution leads, by a setting: that of the cohort, which cannot pass a hundred, or the cumulative."""

from dataclasses import dataclass

from django.conf import settings

COHORT, CUMULATIVE = "cohort", "cumulative"


@dataclass(frozen=True)
class Headline:
    """The figures that lead, and the measures by which places are compared: part of whole, and what the whole is."""

    rate: str
    towns: str
    part: str
    whole: str
    whole_label: str
    other: str


HEADLINES = {
    COHORT: Headline(
        "resolution_cohort", "resolution_cohort_towns", "cohort_resolved", "cohort_due", "应有结果", "resolution"
    ),
    CUMULATIVE: Headline("resolution", "resolution_towns", "resolved", "accepted", "受理", "resolution_cohort"),
}


def headline() -> Headline:
    """The one that the installation chose. KeyError for a setting that is none of them."""
    return HEADLINES[settings.HEADLINE_RATE]
