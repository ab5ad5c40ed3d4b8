"""Time stamps of an authority (RFC 3161): proof from outside that a line existed at a moment."""

import base64
import binascii
from pathlib import Path
from typing import Final

import requests
from cryptography.x509 import load_pem_x509_certificates
from django.conf import settings
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.verify import Verifier

from zhongzhi.audit.contents import Fault

PATIENCE_SECONDS: Final = 10
LONGEST_ANSWER: Final = 64 * 1024
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"


class NotStamped(Exception):
    """The authority is away, or refused, or its answer is not over what was asked."""


def stamp(data: bytes) -> str:
    """Ask the authority of the settings for a time stamp over these bytes; its answer as base64. Raises NotStamped."""
    request = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    try:
        answer = requests.post(
            settings.TSA_URL, request.as_bytes(), headers={"Content-Type": QUERY}, timeout=PATIENCE_SECONDS
        )  # fmt: skip
        answer.raise_for_status()
        if len(answer.content) > LONGEST_ANSWER:
            raise NotStamped("the answer is too long")
        reply = decode_timestamp_response(answer.content)
        if PKIStatus(reply.status) not in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS):
            raise NotStamped(f"status {reply.status}")
        _verifier(nonce=request.nonce).verify_message(reply, data)
    except (requests.RequestException, VerificationError, ValueError) as error:
        raise NotStamped(type(error).__name__) from error
    return base64.b64encode(answer.content).decode()


def stamp_faults(number: int, token: str, data: bytes) -> list[Fault]:
    """What is wrong with the time stamp of a line. Without the authority's certificates nothing can be said."""
    if not settings.TSA_CERTIFICATES:
        return []
    try:
        _verifier().verify_message(decode_timestamp_response(base64.b64decode(token, validate=True)), data)
    except (VerificationError, ValueError, binascii.Error):
        return [Fault("stamp_altered", f"anchor#{number}", f"库外第 {number} 行的时间戳无效，或者不是对前一行所加")]
    return []


def _verifier(nonce: int | None = None) -> Verifier:
    """Whoever the certificates of the settings vouch for, the authority's own among them or sent along."""
    builder = VerifierBuilder(nonce=nonce)
    for certificate in load_pem_x509_certificates(Path(settings.TSA_CERTIFICATES).read_bytes()):
        builder = builder.add_root_certificate(certificate)
    return builder.build()
