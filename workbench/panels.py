"""What the apps above the case put on its dossier: acts and panels, each from one function of (person, case)."""

from collections.abc import Callable

from django.urls import reverse

from intake.available_actions import own_acts
from intake.models import Case
from workbench import referrals_panels
from workbench.hall_panels import ratings_panel, receipt_offer
from workbench.knowledge_panels import knowledge_panel
from workbench.mediation_panels import mediation_offers, mediation_panel
from workbench.warning_panels import warnings_panel
from workbench.window_panels import (
    bars_panel,
    closing_panel,
    doubles_panel,
    group_offer,
    group_panel,
    leader_panel,
    rest_panel,
    road_panel,
    together_panel,
    violence_panel,
)
from zhongzhi.accounts.models import User
from zhongzhi.web.menus import MenuItem, Panel

KEYS = {"write-note": "w"}
"""Letters that open an act on the page of a case: what one does many times a day beside the next step, which is A."""


def acts_of_intake(user: User, case: Case) -> list[MenuItem]:
    """The acts of the case itself; with the ranks of their table."""
    return [
        MenuItem(
            label=act.label,
            icon=act.icon,
            address=reverse("intake:act", args=[case.code, act.name]),
            rank=act.rank,
            danger=act.danger,
            key=KEYS.get(act.name, ""),
        )
        for act in own_acts(user, case)
    ]


OFFERS: tuple[Callable[[User, Case], list[MenuItem]], ...] = (
    acts_of_intake,
    mediation_offers,
    referrals_panels.offers,
    receipt_offer,
    group_offer,
)
PANELS: tuple[Callable[[User, Case], Panel | None], ...] = (
    violence_panel,
    doubles_panel,
    warnings_panel,
    group_panel,
    bars_panel,
    closing_panel,
    leader_panel,
    rest_panel,
    road_panel,
    together_panel,
    mediation_panel,
    ratings_panel,
    referrals_panels.documents_panel,
    referrals_panels.joint_panel,
    referrals_panels.tiers_panel,
    referrals_panels.care_panel,
    knowledge_panel,
)


def offers_of(user: User, case: Case) -> list[MenuItem]:
    """What this person may do with the case now, the usual next step first."""
    return sorted((offer for source in OFFERS for offer in source(user, case)), key=lambda offer: offer.rank)


def panels_of(user: User, case: Case) -> list[Panel]:
    """The panels that have something to show to this person."""
    return [panel for source in PANELS if (panel := source(user, case))]
