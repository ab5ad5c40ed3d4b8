"""What stands over numbers in the clear, on screens, prints and files: who took them out, and when."""

from typing import Any

from django.utils import timezone


def taken_out_by(user: Any) -> str:
    """Name, user name and minute."""
    return f"{user} {user.get_username()} {timezone.localtime():%Y-%m-%d %H:%M}"


def head_line(user: Any) -> str:
    """The line at the head of a file."""
    return f"含完整个人信息，注意保密　{taken_out_by(user)}"
