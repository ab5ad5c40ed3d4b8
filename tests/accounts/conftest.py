"""People and clients for the tests of identity."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client

from tests.accounts.known import PASSWORD
from zhongzhi.accounts.actions import IssuedToken, create_user, issue_token, register_client
from zhongzhi.accounts.models import User

PROJECT_HASHERS = list(project.PASSWORD_HASHERS)


@pytest.fixture
def project_hashers() -> list[str]:
    """The hashers of the project itself."""
    return PROJECT_HASHERS


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Any) -> None:
    """Argon2 is slow on purpose; what is tested here is not the hash."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def clerk(db: None) -> User:
    """A window clerk with a password."""
    return create_user(username="wang.fang", name="王芳", password=PASSWORD)


@pytest.fixture
def log_in() -> Callable[..., Client]:
    """A browser in which the person has signed in through the page."""

    def sign_in(user: User, password: str = PASSWORD, **headers: str) -> Client:
        browser = Client(**headers)
        answer = browser.post("/login/", {"username": user.username, "password": password})
        assert answer.status_code == 302, answer.content.decode()
        return browser

    return sign_in


@pytest.fixture
def token(db: None) -> IssuedToken:
    """A token of an outside system that may read cases."""
    return issue_token(register_client("司法局平台", ["cases:read"]))
