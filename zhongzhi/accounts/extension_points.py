"""What the floor above says about a person: identity knows no posts.

Filled in `AppConfig.ready()` of the app that knows them, and nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass

from zhongzhi.accounts.models import User


@dataclass(frozen=True)
class PostFacts:
    """What a person's posts of today mean for signing in."""

    roles: frozenset[str] = frozenset()
    is_administrator: bool = False
    keeps_sign_in: bool = False
    """Entitled to reset the second factors of others: 安全管理员."""


post_readers: list[Callable[[User], PostFacts]] = []
"""Who knows the posts; one at most."""


def post_facts_of(user: User) -> PostFacts:
    """The facts about this person; of nobody where no app knows posts."""
    return post_readers[0](user) if post_readers else PostFacts()
