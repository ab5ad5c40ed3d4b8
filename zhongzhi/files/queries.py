"""Reading what is stored."""

from collections.abc import Collection

from zhongzhi.files.models import StoredFile


def known_places(places: Collection[str]) -> set[str]:
    """Those of these places that a row refers to."""
    return set(StoredFile.objects.filter(path__in=places).values_list("path", flat=True))
