"""Secrets kept encrypted: a ring of keys from the environment, the first of which encrypts.

AES-256-GCM; the key of each tenant is derived from the ring's, and what a secret belongs to is
authenticated along, so that a ciphertext copied to another row or tenant does not open.
"""

import base64
import hashlib
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from core.errors import Conflict

_VERSION = "v1"
_NONCE = 12


class Unreadable(Conflict):
    """A secret that no key of the ring opens."""


def seal(text: str, *, tenant_id: UUID, place: str) -> str:
    """Encrypt for one place of one tenant, such as `connector:<id>:secret`."""
    name, key = _ring()[0]
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(_of_tenant(key, tenant_id)).encrypt(
        nonce, text.encode(), _aad(tenant_id, place)
    )
    return f"{_VERSION}:{name}:{base64.b64encode(nonce + sealed).decode()}"


def open_sealed(kept: str, *, tenant_id: UUID, place: str) -> str:
    """The secret itself; Unreadable when it was sealed elsewhere or its key is gone."""
    try:
        _, name, body = kept.split(":", 2)
        key, raw = dict(_ring())[name], base64.b64decode(body)
        cipher = AESGCM(_of_tenant(key, tenant_id))
        return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], _aad(tenant_id, place)).decode()
    except (ValueError, KeyError, InvalidTag) as error:
        raise Unreadable("The secret cannot be read any more. Enter it again.") from error


def is_newest(kept: str) -> bool:
    """Whether a secret is sealed with the key that seals now."""
    return kept.split(":")[1:2] == [_ring()[0][0]]


def _ring() -> list[tuple[str, bytes]]:
    """Names and keys, the newest first. A name tells keys apart and gives none away."""
    keys = [hashlib.sha256(text.encode()).digest() for text in settings.SECRETS_KEYS]
    if not keys:
        raise Conflict("No secret can be kept: the operator has set no SECRETS_KEYS.")
    return [(hashlib.sha256(b"name" + key).hexdigest()[:12], key) for key in keys]


def _of_tenant(key: bytes, tenant_id: UUID) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=tenant_id.bytes).derive(key)


def _aad(tenant_id: UUID, place: str) -> bytes:
    return f"{tenant_id}|{place}".encode()
