"""What waits in a form, for the one who typed it."""

from workbench.models import KeptInput
from zhongzhi.accounts.models import User


def kept_input(user: User, place: str) -> KeptInput | None:
    """What this person typed there and did not send."""
    return KeptInput.objects.filter(user=user, place=place).first()
