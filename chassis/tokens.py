"""Service tokens: each pair of caller and callee has a secret of its own, several at once while rotating."""

from __future__ import annotations

import hmac
from pathlib import Path


def token_for(tokens_dir: Path | None, callee: str) -> str | None:
    """Return the newest token with which to call a service; None in a set-up without tokens."""
    if tokens_dir is None:
        return None
    return _lines(tokens_dir / f"to-{callee}")[0]


class Doorkeeper:
    """Knows callers by their tokens. Files are read per check, so that rotation needs no restart."""

    def __init__(self, tokens_dir: Path | None) -> None:
        """Accept the callers whose `from-<caller>` files lie here; nobody without a directory."""
        self._dir = tokens_dir

    def caller(self, authorization: str) -> str | None:
        """Return who calls, by an `Authorization: Bearer` header; None for nobody we know."""
        scheme, _, token = authorization.partition(" ")
        if self._dir is None or scheme.lower() != "bearer" or not token:
            return None
        for path in sorted(self._dir.glob("from-*")):
            if any(hmac.compare_digest(token.encode(), known.encode()) for known in _lines(path)):
                return path.name.removeprefix("from-")
        return None


def _lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]
