"""Who takes and decides what persons ask about their own data."""

from grids.models import Organisation
from grids.roles import Capability
from grids.scope import scope_of
from intake.models import DataRequest
from zhongzhi.accounts.models import User


def may_receive_data_requests(actor: User, centre: Organisation | None = None) -> bool:
    """Receive what persons ask about their own data, and hand them the sheet: the window of a centre."""
    scope, capability = scope_of(actor), Capability.RECEIVE_DATA_REQUESTS
    return scope.may_at_some_centre(capability) if centre is None else scope.may_at(centre, capability)


def may_decide_data_request(actor: User, request: DataRequest) -> bool:
    """Restrict, erase, refuse: the manager of the centre that received it."""
    return scope_of(actor).may_at(request.centre_id, Capability.DECIDE_DATA_REQUESTS)
