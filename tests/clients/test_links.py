"""The links of the API's document lead from answers to questions that can be asked, and most are answered well."""

import pytest

from tests.clients.conftest import Served
from tests.clients.walking import Walk

pytestmark = [pytest.mark.clients, pytest.mark.django_db(transaction=True)]
NOT_FOR_SYSTEMS = {"cases_settle", "beats_open", "case_mediate"}
"""Where this walk does not pass: the window's, a police station's, a mediation body's."""
EMPTY = {"case_attachments", "case_tasks", "tables_list", "warnings_list"}
"""What answered first with nothing in it that leads on."""
REFUSED = {
    "beats_open", "case_care", "case_mediate", "case_return", "cases_settle", "mediation_consent", "mediation_fail",
    "referral_extend", "referral_file", "referral_return",
}  # fmt: skip
"""What is out of sight, another organisation's, or comes too late behind an act of the same walk."""


def test_every_link_that_can_be_followed_is_and_most_are_answered_well(stocked: Served) -> None:
    walk = Walk(stocked.url, stocked.bureau)
    walk.go()
    assert {source for source, _ in walk.links - walk.followed} <= NOT_FOR_SYSTEMS | EMPTY
    assert len(walk.followed) >= 120
    assert walk.refused.keys() - walk.reached <= REFUSED, walk.refused
    assert len(walk.reached) >= 65
