"""Ways to bring documents about, by the acts a person would use."""

from typing import Any

from django.utils import timezone

from intake.models import Case
from referrals import actions
from referrals.models import Document, DocumentKind, Purpose
from referrals.queries import kind_for
from tests.intake import ways as cases
from tests.people import Ground


def kind(purpose: Purpose) -> DocumentKind:
    found = kind_for(purpose, on=timezone.localdate())
    assert found is not None
    return found


def dispatched(ground: Ground, *co_handlers: Any, **changes: Any) -> Case:
    """A case handed to the justice bureau with its slip, and to these co-handlers."""
    return actions.dispatch_with_slip(
        cases.accepted(ground, **changes),
        actor=ground.dispatcher,
        organisation=ground.justice_bureau,
        instruction="请实地丈量",
        co_handlers=co_handlers,
    )


def draft(ground: Ground, purpose: Purpose = Purpose.SUPERVISE, case: Case | None = None, **changes: Any) -> Document:
    """A draft by the dispatcher, about a case of the justice bureau."""
    case = case or dispatched(ground)
    handling = case.handlings.get(part="lead", closed_at=None)
    values: dict[str, Any] = {
        "kind": kind(purpose),
        "centre": ground.county_centre,
        "addressee": ground.justice_bureau,
        "case": case,
        "handling": handling,
        "level": "yellow" if purpose == Purpose.SUPERVISE else "",
        "facts": {"missed": "至今未反馈", "matters": ("第一项",), "subject_matter": "办理超期"},
    }
    return actions.draft_document(actions.Draft(**(values | changes)), actor=ground.dispatcher)


def signed(ground: Ground, purpose: Purpose = Purpose.SUPERVISE, **changes: Any) -> Document:
    """Signed by who is entitled, and issued."""
    signer = ground.leader if purpose == Purpose.RECOMMEND else ground.manager
    return actions.sign_document(draft(ground, purpose, **changes), actor=signer)
