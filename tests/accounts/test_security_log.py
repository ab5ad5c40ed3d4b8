"""The security log is append-only, and tells what device and address a request came from."""

import pytest
from django.db import DatabaseError, transaction

from zhongzhi.accounts.models import SecurityEvent
from zhongzhi.accounts.origin import client_ip, device_of, origin_of


@pytest.mark.django_db
@pytest.mark.parametrize("act", [lambda rows: rows.update(ip="1.1.1.1"), lambda rows: rows.delete()])
def test_the_database_refuses_to_change_or_remove_a_line(clerk, act):
    before = list(SecurityEvent.objects.values())
    assert before
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act(SecurityEvent.objects.all())
    assert list(SecurityEvent.objects.values()) == before


@pytest.mark.parametrize(
    ("remote", "forwarded", "behind_proxy", "expected"),
    [
        ("10.0.0.1", None, False, "10.0.0.1"),
        ("10.0.0.1", "6.6.6.6", False, "10.0.0.1"),
        ("127.0.0.1", "6.6.6.6, 10.0.0.3", True, "10.0.0.3"),
        ("127.0.0.1", None, True, "127.0.0.1"),
        ("127.0.0.1", "rubbish", True, None),
        ("", None, False, None),
        ("::1", None, False, "::1"),
    ],
)
def test_the_address_is_the_one_that_cannot_be_made_up(rf, settings, remote, forwarded, behind_proxy, expected):
    settings.BEHIND_PROXY = behind_proxy
    extra = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert client_ip(rf.get("/", REMOTE_ADDR=remote, **extra)) == expected


def test_a_browser_name_is_cut_and_cleaned(rf):
    agent = origin_of(rf.get("/", HTTP_USER_AGENT="a\x00b\n" + "x" * 1000)).user_agent
    assert agent.startswith("abx")
    assert len(agent) == 300


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/605", "Safari · iOS"),
        ("curl/8", "未知设备"),
        ("", "未知设备"),
    ],
)
def test_a_device_is_named_in_words(agent, device):
    assert device_of(agent) == device
