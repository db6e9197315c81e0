"""Files that never change: named by their content, compressed once, cached for ever."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

ROOT = Path(__file__).parents[1] / "static"
_REFERENCE = re.compile(rb"static:([A-Za-z0-9_./-]+)")
_COMPRESSED = {".css", ".js", ".svg", ".webmanifest"}
_LAST = (".css", ".js", ".webmanifest")
"""They name other files and are read after them, in this order."""
_TYPES = {".webmanifest": "application/manifest+json", ".woff2": "font/woff2", ".js": "text/javascript"}


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    packed: bytes | None
    media_type: str
    digest: str


class Statics:
    """The files under `static/`; `static:<name>` inside a style sheet or script becomes that file's address."""

    def __init__(self, root: Path = ROOT) -> None:
        """Read and compress all files."""
        self._files: dict[str, _File] = {}
        for path in sorted((each for each in root.rglob("*") if each.is_file()), key=_order):
            name = path.relative_to(root).as_posix()
            body = _REFERENCE.sub(lambda found: self.url(found[1].decode()).encode(), path.read_bytes())
            self._files[name] = _file(path, body)
        self._by_address = {self.url(name): each for name, each in self._files.items()}

    def url(self, name: str) -> str:
        """Return the address of a file; KeyError for one that is not there."""
        stem, dot, ending = name.rpartition(".")
        return f"/static/{stem}.{self._files[name].digest}{dot}{ending}"

    def serve(self, request: Request) -> Response | None:
        """Answer for an address made by `url`."""
        found = self._by_address.get(request.url.path)
        return None if found is None else _answer(request, found, "public, max-age=31536000, immutable")

    def serve_fixed(self, request: Request, name: str) -> Response:
        """Answer with a file under a name of its own; browsers ask again each time."""
        return _answer(request, self._files[name], "no-cache")


def _order(path: Path) -> tuple[int, str]:
    return (_LAST.index(path.suffix) + 1 if path.suffix in _LAST else 0, path.as_posix())


def _file(path: Path, body: bytes) -> _File:
    guessed = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed = gzip.compress(body, 9, mtime=0) if path.suffix in _COMPRESSED else None
    return _File(body, packed, guessed, hashlib.sha256(body).hexdigest()[:12])


def _answer(request: Request, file: _File, caching: str) -> Response:
    etag = f'"{file.digest}"'
    headers = {"Cache-Control": caching, "ETag": etag, "X-Content-Type-Options": "nosniff"}
    if file.packed is not None:
        headers["Vary"] = "Accept-Encoding"
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    if file.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.packed, media_type=file.media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(file.body, media_type=file.media_type, headers=headers)
