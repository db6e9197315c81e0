"""The document store of a service: files or S3 behind one interface.

References are `<id>/<random>`, where the last part is derived with the owner's secret: nobody can guess it, and the
same content is written to the same place however often it is made.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from chassis.errors import DependencyDown

_AWAY = (OSError, BaseError)


class Documents:
    """Put, get and delete bytes by reference."""

    def __init__(self, url: str, *, key: str) -> None:
        """Open a store (`file://`, `s3://`); `key` is the owner's secret for references."""
        self._store: ObjectStore = from_url(url, mkdir=True) if url.startswith("file:") else from_url(url)
        self._key = key.encode()

    def reference(self, owner_id: str, *content: str, suffix: str) -> str:
        """Return the reference under an id for content that is identified by these words."""
        secret = hmac.new(self._key, "\n".join((owner_id, *content)).encode(), hashlib.sha256).hexdigest()
        return f"{owner_id}/{secret[:40]}{suffix}"

    async def put(self, reference: str, data: bytes) -> None:
        """Write whole or not at all; DependencyDown when the store is away."""
        try:
            await obstore.put_async(self._store, reference, data)
        except _AWAY as error:
            raise DependencyDown("documents") from error

    async def get(self, reference: str) -> bytes:
        """Read; FileNotFoundError when there is none, DependencyDown when the store is away."""
        try:
            answer = await obstore.get_async(self._store, reference)
            return bytes(await answer.bytes_async())
        except FileNotFoundError:
            raise
        except _AWAY as error:
            raise DependencyDown("documents") from error

    async def delete(self, references: Iterable[str]) -> None:
        """Delete; what is not there is no error."""
        for reference in references:
            try:
                await obstore.delete_async(self._store, reference)
            except FileNotFoundError:
                continue
            except _AWAY as error:
                raise DependencyDown("documents") from error
