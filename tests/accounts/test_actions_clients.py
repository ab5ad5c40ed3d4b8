"""Outside systems and their tokens, from the command to their end."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from zhongzhi.accounts.actions import issue_token, register_client, revoke_token
from zhongzhi.accounts.models import ApiClient, ApiToken, SecurityEvent, User, UserKind
from zhongzhi.core.errors import BadInput

pytestmark = pytest.mark.django_db


def issue(*args: str) -> tuple[str, str]:
    out, hint = io.StringIO(), io.StringIO()
    call_command("issue_token", *args, stdout=out, stderr=hint)
    return out.getvalue().strip(), hint.getvalue()


def test_the_command_registers_the_client_and_prints_the_token_once():
    text, hint = issue("--client", "司法局平台", "--scopes", "cases:read", "stats:read", "--days", "30")
    client = ApiClient.objects.get()
    assert (client.name, client.scopes) == ("司法局平台", ["cases:read", "stats:read"])
    assert (client.user.kind, client.user.has_usable_password()) == (UserKind.SERVICE, False)
    assert text.startswith("zz_")
    assert client.user.username in hint
    token = ApiToken.objects.get()
    assert (token.expires_at - token.created_at).days in (29, 30)


def test_what_is_kept_does_not_give_the_token_back():
    text, _ = issue("--client", "司法局平台", "--scopes", "cases:read")
    row = ApiToken.objects.get()
    secret = text.split("_", 2)[2]
    assert len(bytes(row.digest)) == 32
    assert secret.encode() not in bytes(row.digest)
    assert secret not in str(ApiToken.objects.values().get()) + str(list(SecurityEvent.objects.values()))


def test_a_second_token_uses_the_same_client_and_sets_its_scopes():
    issue("--client", "司法局平台", "--scopes", "cases:read")
    issue("--client", "司法局平台", "--scopes", "stats:read", "--ends-on", "2027-12-31")
    client = ApiClient.objects.get()
    assert (client.scopes, client.ends_on) == (["stats:read"], date(2027, 12, 31))
    assert client.tokens.count() == 2
    assert User.objects.count() == 1


def test_an_unknown_scope_is_refused_with_the_known_ones_and_nothing_is_made():
    with pytest.raises(CommandError, match=r"cases:delete.*cases:read"):
        issue("--client", "司法局平台", "--scopes", "cases:delete")
    assert not User.objects.exists()
    with pytest.raises(BadInput):
        register_client("司法局平台", ["*"])


def test_the_database_refuses_an_unknown_scope(token):
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiClient.objects.update(scopes=["cases:delete"])


def test_issuing_and_revoking_leave_lines_in_the_security_log(token):
    revoke_token(token.row)
    revoke_token(token.row)
    kinds = list(SecurityEvent.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["user_created", "scopes_changed", "token_issued", "token_revoked"]


def test_the_command_revokes_by_prefix_or_by_the_whole_token(token):
    other = issue_token(token.row.client)
    call_command("revoke_token", token.row.prefix, stdout=io.StringIO())
    call_command("revoke_token", other.text, stdout=io.StringIO())
    assert not ApiToken.objects.filter(revoked_at=None).exists()
    with pytest.raises(CommandError):
        call_command("revoke_token", "0000000000")
