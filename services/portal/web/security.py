"""What a browser may do with our pages, and whose forms we take."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request

_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"
_YEAR = 31_536_000


def headers(*, secure: bool, private: bool = False, framed: bool = False) -> Mapping[str, str]:
    """Return the headers of a page; `private` pages belong to one person, `framed` ones may stand in other sites."""
    sources = {**_SOURCES, "frame-ancestors": "*" if framed else "'none'"}
    found = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in sources.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer" if private else "same-origin",
        "Permissions-Policy": _PERMISSIONS,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "cross-origin" if framed else "same-origin",
    }
    if private:
        found |= {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
    if secure:
        found["Strict-Transport-Security"] = f"max-age={_YEAR}"
    return found


def from_here(request: Request, public_url: str, *, token_in_path: bool = False) -> bool:
    """Say whether a form was sent from one of our own pages.

    A page with `Referrer-Policy: no-referrer` sends `Origin: null`. Where the token in the path is the only authority
    (no cookie is), that is enough: who knows the token needs no stolen click.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    if origin == "null":
        return token_in_path
    return origin in {_origin(public_url), f"{request.url.scheme}://{request.headers.get('host', '')}"}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
