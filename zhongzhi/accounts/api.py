"""What every view of the REST API stands on."""

from typing import cast

from rest_framework.generics import GenericAPIView

from zhongzhi.accounts.idempotency import IdempotentPosts
from zhongzhi.accounts.models import User
from zhongzhi.accounts.rate_limits import LimitHeaders, PerMinute


class ApiView(LimitHeaders, IdempotentPosts, GenericAPIView):
    """Counted calls, POSTs that a key makes idempotent, problem documents for every refusal."""

    throttle_classes = [PerMinute]

    @property
    def user(self) -> User:
        """Who calls; the permission classes let nobody else in."""
        return cast(User, self.request.user)
