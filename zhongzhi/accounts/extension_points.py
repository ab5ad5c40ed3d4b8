"""What the floor above says about a person: identity knows no posts.

Filled in `AppConfig.ready()` of the app that knows them, and nowhere else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from zhongzhi.accounts.models import User


@dataclass(frozen=True)
class PostFacts:
    """What a person's posts of today mean for signing in."""

    roles: frozenset[str] = frozenset()
    is_administrator: bool = False
    keeps_sign_in: bool = False
    """Entitled to reset the second factors of others: 安全管理员."""


@dataclass(frozen=True)
class Look:
    """One look of a person at the personal data of others."""

    at: datetime
    what: str
    why: str


look_readers: list[Callable[[User], Sequence[Look]]] = []
"""Who knows where personal data are looked at; one at most."""

post_readers: list[Callable[[User], PostFacts]] = []
"""Who knows the posts; one at most."""


def post_facts_of(user: User) -> PostFacts:
    """The facts about this person; of nobody where no app knows posts."""
    return post_readers[0](user) if post_readers else PostFacts()


def looks_of(user: User) -> Sequence[Look]:
    """The person's own latest looks at personal data, the last first."""
    return look_readers[0](user) if look_readers else ()
