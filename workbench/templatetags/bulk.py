"""What the lists of cases offer for several at once."""

from typing import Any

from django import template

from grids.roles import Capability
from grids.scope import scope_of
from workbench.bulk.table import BulkAct, bulk_acts_for

register = template.Library()


@register.simple_tag(takes_context=True)
def bulk_acts(context: Any) -> list[BulkAct]:
    """The acts that the person who looks may do on several cases."""
    return bulk_acts_for(context.request.user)


@register.simple_tag(takes_context=True)
def prints_receipts(context: Any) -> bool:
    """Whether the person who looks hands out receipts."""
    return scope_of(context.request.user).may(Capability.ISSUE_RECEIPT)
