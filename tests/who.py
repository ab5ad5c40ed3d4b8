"""Who may: the stock people for whom a predicate says yes, to hold against a list written by hand."""

from collections.abc import Callable

from tests.people import Ground
from zhongzhi.accounts.models import User


def who(ground: Ground, may: Callable[[User], bool]) -> set[str]:
    """The stock people who may, each read again, so that no scope of before is held."""
    return {name for name, user in ground.people.items() if may(User.objects.get(pk=user.pk))}
