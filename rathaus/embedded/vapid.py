"""The key pair by which push services know the town: VAPID, RFC 8292."""

from __future__ import annotations


def new_vapid_key() -> bytes:
    """Return a new private key on the curve P-256, as PEM."""
    # Imported by the first start of a town hall alone: the library is larger than all the rest of the command.
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key  # noqa: PLC0415 - once only
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - once only
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
