"""An outside system sees nothing until it is posted somewhere, and then what lies below."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from grids.scope import scope_of
from tests.people import Ground
from zhongzhi.accounts.actions import register_client

pytestmark = pytest.mark.django_db


def test_a_client_is_posted_at_an_organisation(ground: Ground) -> None:
    client = register_client("网格平台", ["cases:read"])
    assert scope_of(client.user).subtrees == ()
    out = StringIO()
    call_command("post_api_client", client="网格平台", organisation="巨日合镇综治中心", stdout=out)
    client.user.__dict__.pop("_scope", None)
    assert scope_of(client.user).subtrees == ("150526103",)
    assert "任职单位的案件" in out.getvalue()


@pytest.mark.parametrize(("client", "organisation"), [("没有", "巨日合镇综治中心"), ("网格平台", "没有")])
def test_unknown_names_are_refused(client: str, organisation: str, ground: Ground) -> None:
    register_client("网格平台", ["cases:read"])
    with pytest.raises(CommandError, match="没有名为"):
        call_command("post_api_client", client=client, organisation=organisation)


def test_twice_is_refused(ground: Ground) -> None:
    register_client("网格平台", ["cases:read"])
    call_command("post_api_client", client="网格平台", organisation="巨日合镇综治中心", stdout=StringIO())
    with pytest.raises(CommandError, match="已在该机构"):
        call_command("post_api_client", client="网格平台", organisation="巨日合镇综治中心")
