"""Serial numbers that have no gaps: one row a series, moved on in the transaction that uses the number."""

from django.db import models


class Counter(models.Model):
    """The last number given in a series, such as `case:150526:20261124`."""

    series = models.CharField(max_length=80, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}={self.last}"
