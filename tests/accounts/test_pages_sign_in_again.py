"""Sign-in in place: only the person of the page, with the same proofs as on the login page."""

import pytest
from django.test import Client

from tests.accounts.known import PASSWORD, set_up_authenticator
from tests.people import Ground
from zhongzhi.accounts.models import User, UserSession
from zhongzhi.accounts.page_owner import mark_of

pytestmark = pytest.mark.django_db
PAGE = "/login/again/"


def test_the_person_of_the_page_signs_in_with_the_password(client: Client, clerk: User) -> None:
    asked = client.get(PAGE, {"owner": mark_of(clerk)})
    assert asked.status_code == 200 and "王芳" in asked.content.decode()
    answer = client.post(PAGE, {"owner": mark_of(clerk), "password": PASSWORD})
    assert (answer.status_code, bool(answer["X-CSRFToken"])) == (204, True)
    assert UserSession.objects.get(user=clerk)


def test_a_wrong_password_and_another_persons_password_are_refused(client: Client, clerk: User, ground: Ground) -> None:
    ground.clerk.set_password("Another-Password-1")
    ground.clerk.save()
    for given in ("wrong", "Another-Password-1"):
        assert client.post(PAGE, {"owner": mark_of(clerk), "password": given}).status_code == 400
    assert not UserSession.objects.exclude(user=None).exists()


def test_the_second_factor_is_asked_with_it(client: Client, clerk: User) -> None:
    _, codes = set_up_authenticator(clerk)
    given = {"owner": mark_of(clerk), "password": PASSWORD}
    assert client.post(PAGE, given).status_code == 400
    assert client.post(PAGE, {**given, "code": codes[0]}).status_code == 204


def test_a_made_up_mark_is_worth_nothing(client: Client, clerk: User) -> None:
    assert client.get(PAGE, {"owner": f"{mark_of(clerk)}x"}).status_code == 404
    assert client.post(PAGE, {"owner": str(clerk.pk), "password": PASSWORD}).status_code == 404


def test_somebody_else_signed_in_meanwhile_is_not_the_person_of_the_page(clerk: User, ground: Ground) -> None:
    browser = Client()
    browser.force_login(ground.manager)
    assert browser.get(PAGE, {"owner": mark_of(clerk)}).status_code == 200
