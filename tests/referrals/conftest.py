"""What tests of referrals share."""

import pytest

from referrals.models import DocumentKind


@pytest.fixture
def automatic(db: None) -> None:
    """Letters and supervisions go out without a signature."""
    DocumentKind.objects.filter(code__in=["reminder", "supervision"]).update(by_itself=True)
