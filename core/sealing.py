"""Secrets that must be read again, such as those that sign webhooks: sealed with AES-256-GCM.

The key is made of SECRETS_KEY (else SECRET_KEY) for each tenant; what the secret belongs to is
sealed in with it, so that a copy of it elsewhere cannot be opened. Of several keys the first seals
and the others still open.
"""

import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12  # bytes; NIST SP 800-38D


class Unreadable(Exception):
    """The secret was sealed with a key that is not here any more, or for something else."""


def seal(secret: bytes, *, tenant_id: UUID, purpose: str) -> bytes:
    """Seal a secret of a tenant for one purpose, such as `application|<id>|signing_secret`."""
    nonce = os.urandom(NONCE)
    key = _keys(tenant_id)[0]
    return nonce + AESGCM(key).encrypt(nonce, secret, _bound(tenant_id, purpose))


def unseal(sealed: bytes, *, tenant_id: UUID, purpose: str) -> bytes:
    """The secret again; raises Unreadable."""
    nonce, text = sealed[:NONCE], sealed[NONCE:]
    for key in _keys(tenant_id):
        try:
            return AESGCM(key).decrypt(nonce, text, _bound(tenant_id, purpose))
        except InvalidTag:
            continue
    raise Unreadable(purpose)


def _keys(tenant_id: UUID) -> list[bytes]:
    """A key of 32 bytes for the tenant from each of the platform's."""
    given = [text.encode() for text in settings.SECRETS_KEYS or [settings.SECRET_KEY]]
    return [
        HKDF(SHA256(), 32, salt=None, info=b"soc-secrets|" + tenant_id.bytes).derive(text)
        for text in given
    ]


def _bound(tenant_id: UUID, purpose: str) -> bytes:
    return f"{tenant_id}|{purpose}".encode()
