"""What the views of the ground stand on: scopes, pages, the key that makes a POST act once."""

from rest_framework.response import Response

from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.scopes import needs_scope

ROSTER = [needs_scope("roster:read", "roster:write")]


class Listed(ApiView):
    """A list in pages."""

    permission_classes = ROSTER

    def page(self) -> Response:
        """The page asked for."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)
