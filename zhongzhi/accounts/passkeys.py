"""Passkeys (WebAuthn): what the browser is asked for, and whether what it answers is right. Knows no rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

RP_NAME = "综治中心"
VERIFY = UserVerificationRequirement.REQUIRED
"""The device asks for its finger, face or number: a passkey alone is two factors."""


class PasskeyWrong(Exception):
    """The browser's answer proves nothing."""


@dataclass(frozen=True)
class Site:
    """Which site a passkey is for: host without port, and the origin that pages come from."""

    host: str
    origin: str


@dataclass(frozen=True)
class NewKey:
    """What a device says of a key it made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def site_of(request: HttpRequest) -> Site:
    """The site as the browser sees it; its host is one of `ALLOWED_HOSTS`."""
    host = request.get_host()
    return Site(host.rsplit(":", 1)[0] if not host.endswith("]") else host, f"{request.scheme}://{host}")


def registration_options(
    site: Site, challenge: bytes, *, user_id: int, username: str, name: str, known: Iterable[bytes]
) -> str:
    """What `navigator.credentials.create` is given, as JSON; devices that have a key already are left out."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=RP_NAME,
        user_id=str(user_id).encode(),
        user_name=username,
        user_display_name=name,
        challenge=challenge,
        exclude_credentials=_descriptors(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=VERIFY
        ),
    )
    return options_to_json(options)


def request_options(site: Site, challenge: bytes, *, known: Iterable[bytes] = ()) -> str:
    """What `navigator.credentials.get` is given, as JSON; without known keys the device offers what it has."""
    options = generate_authentication_options(
        rp_id=site.host, challenge=challenge, allow_credentials=_descriptors(known), user_verification=VERIFY
    )
    return options_to_json(options)


def registered(site: Site, challenge: bytes, credential: dict[str, Any]) -> NewKey:
    """The key that the device made. Raises PasskeyWrong for an answer to another question, site or person."""
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as wrong:
        raise PasskeyWrong from wrong
    return NewKey(made.credential_id, made.credential_public_key, made.sign_count)


def credential_id_of(credential: dict[str, Any]) -> bytes:
    """Which key the browser used. Raises PasskeyWrong for what is no answer at all."""
    try:
        return base64url_to_bytes(credential["rawId"])
    except (KeyError, ValueError, TypeError) as wrong:
        raise PasskeyWrong from wrong


def verified(site: Site, challenge: bytes, credential: dict[str, Any], *, public_key: bytes, sign_count: int) -> int:
    """The new count of uses. Raises PasskeyWrong, also when the count went backwards: the key was copied."""
    try:
        used = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as wrong:
        raise PasskeyWrong from wrong
    return used.new_sign_count


def _descriptors(known: Iterable[bytes]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=key) for key in known]
