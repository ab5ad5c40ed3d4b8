"""Parameters of the API: what a view does not know is refused, not passed over."""

from typing import Any, ClassVar, Final

from django_filters import CharFilter
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from zhongzhi.web.known_names import unknown_names

EMPTY: Final = "这个参数是空的；不需要时请去掉它。"
PAGES = frozenset({"limit", "cursor", "total"})
"""What every list takes."""


class KnownParameters:
    """Put before APIView: a misspelt parameter would silently give everything, so it is 400 by its name.

    So is a day or a number that is named and left empty. A view names in `parameters` what its reads take beside the
    filters and pages of its list; writes take none.
    """

    parameters: ClassVar[frozenset[str]] = frozenset()

    never_empty: ClassVar[frozenset[str]] = frozenset()
    """Those among `parameters` that are days, numbers or choices; of filters that is known."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After who may call is settled; a method that is not taken is refused as such."""
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if not hasattr(self, (request.method or "").lower()):
            return
        known = self.known_parameters if request.method in SAFE_METHODS else frozenset()
        if refused := unknown_names(request.query_params, known, "参数") | self._empty(request):
            raise ValidationError(refused)

    def _empty(self, request: Request) -> dict[str, list[str]]:
        """Days, numbers and choices that say nothing: without a word they would give everything."""
        filters = getattr(getattr(self, "filterset_class", None), "base_filters", {})
        told = self.never_empty | {name for name, by in filters.items() if not isinstance(by, CharFilter)}
        return {name: [EMPTY] for name, value in request.query_params.items() if not value and name in told}

    @property
    def known_parameters(self) -> frozenset[str]:
        """All that a read of this view takes."""
        filters = getattr(self, "filterset_class", None)
        pages = PAGES if filters or hasattr(self, "keyset_order") else frozenset()
        return self.parameters | pages | frozenset(filters.base_filters if filters else ()) | {"format"}
