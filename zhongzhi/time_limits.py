"""How long the database may work for whom: every kind of program has its limits, a longer piece of work asks for more.

Without them one held row or one slow list would take thread after thread until nobody is answered.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CONNECT_SECONDS: Final = 5
JOINED_AS_WRITTEN: Final = 4
"""From the fifth table on PostgreSQL joins in the order of the statement. Django writes the tables that filters need
first, then those that only fill the rows; to try every order of a dozen takes longer than to read them. Nor is any
statement compiled (`jit`): sight looks dear to the planner and is read in milliseconds, compiling takes hundreds."""
WORTH_MORE_PROCESSES: Final = 20_000
"""What PostgreSQL has to save, in its own measure, before it starts processes for one statement: to start them takes
longer than to read a page, and takes the processor from the others who work."""


@dataclass(frozen=True)
class TimeLimits:
    """Seconds; 0 is without end."""

    statement: int
    lock: int
    idle_in_transaction: int

    def options(self, *, pooled: bool = False) -> dict[str, object]:
        """As the connection takes them when it is opened; a pooler in front has them in its own settings."""
        if pooled:
            return {"connect_timeout": CONNECT_SECONDS}
        seconds = {
            "statement_timeout": self.statement,
            "lock_timeout": self.lock,
            "idle_in_transaction_session_timeout": self.idle_in_transaction,
        }
        told = [f"-c {name}={value}s" for name, value in seconds.items()]
        planned = f"-c join_collapse_limit={JOINED_AS_WRITTEN} -c parallel_setup_cost={WORTH_MORE_PROCESSES} -c jit=off"
        return {"connect_timeout": CONNECT_SECONDS, "options": " ".join([*told, planned])}


# Pages and the API; background work; what is typed at the command line; changes of the tables, which give way at once
# because everybody waits behind the lock they wait for.
LIMITS: Final = {
    "web": TimeLimits(statement=10, lock=3, idle_in_transaction=120),
    "worker": TimeLimits(statement=240, lock=30, idle_in_transaction=300),
    "command": TimeLimits(statement=0, lock=60, idle_in_transaction=0),
    "migrate": TimeLimits(statement=0, lock=5, idle_in_transaction=0),
}


_said: list[str] = []


def running_as(program: str) -> None:
    """Say which kind of program this process is, before the settings are read; its children say it for themselves."""
    _said[:] = [program]


def limits() -> TimeLimits:
    """Those of this process: as it said; for Celery by its name; else those of the command line."""
    by_name = "worker" if "celery" in Path(sys.argv[0]).parts[-2:] else "command"
    return LIMITS[_said[0] if _said else by_name]
