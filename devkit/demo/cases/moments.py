"""What happened at another moment than now, told by the acts themselves: for demo data only."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def happening_at(moment: datetime) -> Iterator[None]:
    """Within, it is `moment` for every act of this thread's process. Never in a process that serves people."""
    with patch.object(timezone, "now", lambda: moment):
        yield
