"""Pages as a person of the office opens them."""

from django.test import Client

from zhongzhi.accounts.models import User


def signed_in(person: User) -> Client:
    """A browser in which this person has signed in."""
    client = Client()
    client.force_login(person)
    return client
