"""A request behind `login_required`, for type checking."""

from django.http import HttpRequest

from zhongzhi.accounts.models import User


class PersonRequest(HttpRequest):
    """A request whose user is known to be signed in."""

    user: User
