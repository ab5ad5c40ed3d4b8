"""Reading what is stored."""

from collections.abc import Collection
from uuid import UUID

from zhongzhi.core.errors import NotFound
from zhongzhi.files.models import StoredFile


def known_places(places: Collection[str]) -> set[str]:
    """Those of these places that a row refers to."""
    return set(StoredFile.objects.filter(path__in=places).values_list("path", flat=True))


def stored_file(file_id: UUID) -> StoredFile:
    """A file by its number; who may have it is decided before. NotFound for none."""
    file = StoredFile.objects.filter(pk=file_id).first()
    if file is None:
        raise NotFound("没有找到这个文件。")
    return file


def kept_files() -> list[tuple[str, str]]:
    """Place and digest of every file that a row knows, in the order of places."""
    return list(StoredFile.objects.order_by("path").values_list("path", "sm3"))
