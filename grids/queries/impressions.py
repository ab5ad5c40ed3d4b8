"""Which seal and which hand a paper that is signed now carries, and the list of them."""

from typing import Any

from django.db.models import QuerySet

from grids.models import Impression, ImpressionKind, Organisation
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound

POINTS_OF_MM = 72 / 25.4


def impressions() -> QuerySet[Impression]:
    """Those in use first, then those that were."""
    rows = Impression.objects.select_related("organisation", "person", "kept_by")
    return rows.order_by("ended_at", "kind", "-kept_at")


def impression(pk: int) -> Impression:
    """One in use; NotFound else."""
    found = Impression.objects.filter(pk=pk, ended_at=None).first()
    if found is None:
        raise NotFound("没有找到在用的这枚印章或签名章。")
    return found


def seal_stamp(organisation: Organisation | None, **place: Any) -> list[dict[str, Any]]:
    """The seal of an organisation at a place of a paper; nothing where none is in use."""
    return _stamp(Impression.objects.filter(kind=ImpressionKind.SEAL, organisation=organisation), place)


def hand_stamp(person: User | None, **place: Any) -> list[dict[str, Any]]:
    """The hand of who signs, at a place of a paper; nothing where none is in use."""
    return _stamp(Impression.objects.filter(kind=ImpressionKind.HAND, person=person), place)


def picture_stamp(file: Any, *, width_mm: float, **place: Any) -> dict[str, Any]:
    """Any kept picture at a place of a paper."""
    return {"file": str(file), "place": {"width": width_mm * POINTS_OF_MM, **place}}


def _stamp(rows: QuerySet[Impression], place: dict[str, Any]) -> list[dict[str, Any]]:
    found = rows.filter(ended_at=None).first()
    return [picture_stamp(found.file_id, width_mm=found.width_mm, **place)] if found is not None else []


def subject_named(kind: str, name: str) -> Organisation | User | None:
    """The organisation of a full name, or the person of a user name."""
    if kind == ImpressionKind.SEAL:
        return Organisation.objects.filter(name=name).first()
    return User.objects.filter(username=name, is_active=True).first()
