"""What must hold of cases that come to rest, told by SQL: nothing that hangs on them is forgotten."""

from collections.abc import Iterator

from django.db import connection

from intake.extension_points import hangings


def broken_rests() -> Iterator[str]:
    """What does not hold, in words with the number of exceptions; nothing when all is well."""
    with connection.cursor() as cursor:
        for kind in hangings:
            for name, statement in kind.invariants.items():
                cursor.execute(statement)
                exceptions = cursor.fetchone()[0]
                if exceptions:
                    yield f"{name}: {exceptions} exceptions"
