"""`Idempotency-Key` on POSTs: the same key within 48 hours answers the same and does nothing again."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from zhongzhi.accounts.actions import claim_key, keep_answer, kept_answer
from zhongzhi.accounts.models import IdempotencyRecord, User
from zhongzhi.core.ciphers import sm3
from zhongzhi.core.errors import BadInput, RuleViolation

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEY_LENGTH = 100
KEY = OpenApiParameter(
    HEADER,
    {"type": "string", "pattern": f"^[!-~]{{1,{KEY_LENGTH}}}$"},
    OpenApiParameter.HEADER,
    description="同一键 48 小时内只办理一次，重复请求得到同样的答复",
)
"""As the API's document says it."""


class IdempotencyKeyReused(RuleViolation):
    """The key was used for another request."""

    code = "idempotency_key_reused"
    default_message = "这个 Idempotency-Key 已用于另一个请求（地址或内容不同），请换一个新的键。"


class IdempotentPosts:
    """Put before APIView or a view set: every POST with a key acts at most once.

    The key, the act and its answer commit together. A second request with the key waits for the first and
    gets its answer with `Idempotent-Replayed: true`. What is refused (4xx) or breaks (5xx) is rolled back
    and not kept, so that the same key may be tried again. Handlers must answer with DRF's `Response`. A view whose
    answers must not be kept (each look at personal data is one) sets `keeps_answers` to False.
    """

    keeps_answers = True

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After who may call is settled, stand in front of the POST handler."""
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        handler = getattr(self, "post", None)
        keyed = self.keeps_answers and request.method == "POST" and HEADER in request.headers
        if keyed and handler and request.user.is_authenticated:
            setattr(self, "post", partial(_post_once, handler))  # noqa: B010 - a method stands there for the type checker


def _post_once(handler: Callable[..., Response], request: Request, *args: Any, **kwargs: Any) -> Response:
    user, key, fingerprint = cast(User, request.user), _key_of(request), fingerprint_of(request)
    with transaction.atomic():
        path, now = request.get_full_path(), timezone.now()
        record, first = claim_key(user, key, method="POST", path=path, fingerprint=fingerprint, now=now)
        if first:
            return _act(record, handler, request, *args, **kwargs)
    if record.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    return Response(kept_answer(record), record.status, headers={**record.headers, REPLAYED: "true"})


def _act(record: IdempotencyRecord, handler: Callable[..., Response], *args: Any, **kwargs: Any) -> Response:
    response = handler(*args, **kwargs)
    if response.status_code >= 400:
        transaction.set_rollback(True)
    else:
        keep_answer(record, status=response.status_code, headers=dict(response.items()), data=response.data)
    return response


def _key_of(request: Request) -> str:
    key = request.headers[HEADER].strip()
    if not 1 <= len(key) <= KEY_LENGTH or not key.isascii() or not key.isprintable():
        raise BadInput(errors={HEADER: [f"须为 1 至 {KEY_LENGTH} 个可见 ASCII 字符，建议用 UUID。"]})
    return key


def fingerprint_of(request: Request) -> str:
    """SM3 over address and parsed body: the same JSON with other blanks is the same request."""
    body = _plain(request.data)
    text = json.dumps([request.get_full_path(), body], sort_keys=True, default=_file_digest)
    return sm3(text.encode())


def _plain(data: Any) -> Any:
    return dict(data.lists()) if isinstance(data, QueryDict) else data


def _file_digest(file: Any) -> list[Any]:
    """A file by its name and content; it can be read again afterwards."""
    if not isinstance(file, UploadedFile):
        return [str(file)]
    digest = sm3(b"".join(file.chunks()))
    file.seek(0)
    return [file.name, digest]
