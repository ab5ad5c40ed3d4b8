"""What every view of the REST API stands on."""

from typing import Any, ClassVar, cast

from django.db.models import Model, QuerySet
from rest_framework.generics import GenericAPIView
from rest_framework.renderers import JSONRenderer

from zhongzhi.accounts.idempotency import IdempotentPosts
from zhongzhi.accounts.models import User
from zhongzhi.accounts.rate_limits import LimitHeaders, PerMinute
from zhongzhi.web.ndjson import NdjsonRenderer
from zhongzhi.web.parameters import KnownParameters


class ApiView(LimitHeaders, IdempotentPosts, KnownParameters, GenericAPIView[Any]):
    """Counted calls, POSTs that a key makes idempotent, problem documents for every refusal."""

    throttle_classes = [PerMinute]
    renderer_classes = [JSONRenderer, NdjsonRenderer]

    @property
    def user(self) -> User:
        """Who calls; the permission classes let nobody else in."""
        return cast(User, self.request.user)

    model: ClassVar[type[Model]]
    """Whose rows a list gives."""

    def rows(self) -> QuerySet[Any]:
        """What the caller may see of them."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Any]:
        """The rows of the list; none while the schema is drawn, which has no caller."""
        if getattr(self, "swagger_fake_view", False):
            return QuerySet(self.model).none()
        return self.rows()
