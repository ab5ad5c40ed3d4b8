"""For whom a page was made, as it stands signed in the page: nobody else signs in over it."""

from django.core.signing import BadSignature, dumps, loads

from zhongzhi.accounts.models import User

SALT = "page-owner"


def mark_of(user: User) -> str:
    """What the page carries."""
    return dumps(user.pk, salt=SALT)


def owner_of(mark: str) -> User | None:
    """The person of the page; None for a mark that is not ours or older than a day."""
    try:
        return User.objects.filter(pk=loads(mark, salt=SALT, max_age=24 * 3600)).first()
    except BadSignature:
        return None
