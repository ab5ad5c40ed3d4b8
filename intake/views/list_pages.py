"""Pages of lists that are sorted by what is no column, such as the next limit."""

from collections.abc import Callable, Sequence

from django.db.models import QuerySet

from intake import queries
from intake.models import Case
from zhongzhi.accounts.models import User
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.web.lists import Total, page_of, total_of
from zhongzhi.web.paging import DEFAULT_SIZE, Page, page_of_rows


def first_or_next_page(
    request: PersonRequest, cases: Callable[[User], QuerySet[Case]], *, order: Sequence[str], size: int = DEFAULT_SIZE
) -> tuple[Page[Case], Total]:
    """The page that the address asks for, and how many there are. The first is the one that is opened: to find it the
    whole list is sorted, so its keys are looked up alone and counted on the way. `cases` give them in `order`."""
    if request.GET.get("cursor"):
        rows = cases(request.user)
        return page_of(request, rows, order=order, size=size), total_of(rows)
    found, total = queries.first_of(request.user, cases, most=size + 1)
    return page_of_rows(found, order=order, size=size), Total(total)
