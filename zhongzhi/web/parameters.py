"""Parameters of the API: what a view does not know is refused, not passed over."""

from typing import Any, ClassVar

from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from zhongzhi.web.known_names import unknown_names

PAGES = frozenset({"limit", "cursor"})
"""What every list takes."""


class KnownParameters:
    """Put before APIView: a misspelt parameter would silently give everything, so it is 400 by its name.

    A view names in `parameters` what its reads take beside the filters and pages of its list; writes take none.
    """

    parameters: ClassVar[frozenset[str]] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After who may call is settled."""
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        known = self.known_parameters if request.method in SAFE_METHODS else frozenset()
        if unknown := unknown_names(request.query_params, known, "参数"):
            raise ValidationError(unknown)

    @property
    def known_parameters(self) -> frozenset[str]:
        """All that a read of this view takes."""
        filters = getattr(self, "filterset_class", None)
        pages = PAGES if filters or hasattr(self, "keyset_order") else frozenset()
        return self.parameters | pages | frozenset(filters.base_filters if filters else ()) | {"format"}
