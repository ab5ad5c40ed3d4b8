"""What apps above the case hang onto it.

Imports point down, so the case cannot call what follows an act of its own in an app above. Each such app adds it here,
in its `AppConfig.ready()` and nowhere else; there are no other hooks.
"""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from intake.counting.declarations import Source
from intake.models import Case

T = TypeVar("T")


class ExtensionPoint(Generic[T]):
    """Things added once, when the program starts, and read ever after in the order they were added."""

    def __init__(self) -> None:
        self._added: list[T] = []

    def add(self, *things: T) -> None:
        """Add what is not there yet."""
        self._added += [thing for thing in things if thing not in self._added]

    def __iter__(self) -> Iterator[T]:
        return iter(self._added)


counted_sources: ExtensionPoint[Source] = ExtensionPoint()
"""Tables of other apps whose rows are counted beside the cases."""

after_suspension: ExtensionPoint[Callable[[Case], None]] = ExtensionPoint()
"""Called with the locked case whenever a suspension is over, in the same transaction."""
