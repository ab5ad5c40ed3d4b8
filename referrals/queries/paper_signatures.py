"""Whether the installation's signature under a document holds."""

import json
from collections.abc import Iterator
from datetime import UTC

from django.db.models import TextChoices

from referrals.models import Document, DocumentSignature
from zhongzhi.core import sm2
from zhongzhi.core.sm2 import Verdict
from zhongzhi.files import store

CHUNK = 500


class SignatureState(TextChoices):
    """What is shown of a signature."""

    VALID = "valid", "签名有效"
    INVALID = "invalid", "签名无效"
    FILE_CHANGED = "file_changed", "签名无效：存档文件与签发时不同"
    KEY_UNKNOWN = "key_unknown", "签名所用的密钥未配置"
    NONE = "none", "未加签名"


def statement_of(document: Document) -> bytes:
    """What is signed: which document, under which number, when, and the digest of its paper."""
    assert document.signed_at is not None  # noqa: S101 - a signed document has its moment
    said = {
        "uid": str(document.uid),
        "number": document.number,
        "issuer": document.issuer_id,
        "signed_at": document.signed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "sm3": document.sm3,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def signature_state(document: Document) -> SignatureState:
    """Check the signature against the document as it is, and its paper as it lies on the disk."""
    row = DocumentSignature.objects.filter(document=document).first()
    if row is None or document.file is None:
        return SignatureState.NONE
    verdict = sm2.verify(statement_of(document), row.signature)
    if verdict is not Verdict.VALID:
        return SignatureState(verdict.value)
    try:
        _, sm3 = store.measure(document.file.path)
    except FileNotFoundError:
        return SignatureState.FILE_CHANGED
    return SignatureState.VALID if sm3 == document.sm3 else SignatureState.FILE_CHANGED


def signed_documents() -> Iterator[Document]:
    """All documents with a number, the oldest first."""
    return Document.objects.filter(signed_at__isnull=False).select_related("file").order_by("pk").iterator(CHUNK)
