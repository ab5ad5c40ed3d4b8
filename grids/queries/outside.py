"""Reads of the book of outside organisations."""

from django.db.models import QuerySet

from grids.models import OutsideOrganisation
from zhongzhi.core.errors import NotFound
from zhongzhi.web.finding import named


def outside_organisations(text: str = "") -> QuerySet[OutsideOrganisation]:
    """Those in the book; those named so."""
    rows = OutsideOrganisation.objects.filter(retired_at=None).order_by("kind", "name")
    return rows.filter(named(rows, text, "name")) if text else rows


def outside_organisation(pk: int) -> OutsideOrganisation:
    """One of them; NotFound for none."""
    row = outside_organisations().filter(pk=pk).first()
    if row is None:
        raise NotFound("名录中没有这个单位。")
    return row
