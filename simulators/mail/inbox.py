"""The inbox to look at: what a citizen would find, without a mail program."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from html import escape
from http import HTTPStatus
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from simulators.mail.reading import take_apart
from simulators.mail.store import Store, Stored

_LOCAL = ZoneInfo("Europe/Berlin")
_PAGE = 50
_LINK = re.compile(r"https?://[^\s<>\"]+")
_POLICY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_MAIL_POLICY = {
    **_POLICY,
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox",
}
_STYLE = """
:root{color-scheme:light dark;--edge:#5b6874;--link:#0b4f8a;--ground:#fff;--ink:#16202a}
@media(prefers-color-scheme:dark){:root{--edge:#93a1ae;--link:#8ec5ff;--ground:#12181f;--ink:#eef2f5}}
body{margin:0 auto;max-width:60rem;padding:1rem;font:1rem/1.5 system-ui,sans-serif;background:var(--ground);
color:var(--ink)}
a{color:var(--link)}h1{font-size:1.5rem}
ul.mails{list-style:none;padding:0}ul.mails li{border-top:1px solid var(--edge);padding:.6rem 0;overflow-wrap:anywhere}
ul.mails a{font-weight:600;display:inline-block;padding:.15rem 0}
input,button{font:inherit;padding:.45rem .7rem;border:1px solid var(--edge);border-radius:4px;
background:var(--ground);color:var(--ink);max-width:100%;box-sizing:border-box}
pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--edge);padding:.75rem;border-radius:4px}
iframe{width:100%;height:36rem;border:1px solid var(--edge);border-radius:4px;background:#fff}
table{border-collapse:collapse}th{text-align:left;vertical-align:top;padding-right:1rem;font-weight:600}
td{overflow-wrap:anywhere}:focus-visible{outline:3px solid var(--link);outline-offset:2px}
"""


@dataclass(frozen=True)
class Inbox:
    """The pages; all mails of all people, for this is no real post office."""

    store: Store

    def routes(self) -> list[Route]:
        """Every page."""
        return [
            Route("/", self.overview),
            Route("/stil.css", self.style),
            Route("/mails/{mail_id:int}", self.one),
            Route("/mails/{mail_id:int}/html", self.html_part),
            Route("/mails/{mail_id:int}/quelle", self.source),
        ]

    async def overview(self, request: Request) -> Response:
        """List mails, newest first."""
        to = request.query_params.get("to", "").strip()
        before = request.query_params.get("vor", "")
        mails = self.store.mails(to=to, before=int(before) if before.isdecimal() else None, limit=_PAGE)
        items = "".join(_item(each) for each in mails)
        older = f"/?to={quote(to)}&vor={mails[-1].mail_id}" if len(mails) == _PAGE else ""
        return _page(
            "Posteingang",
            "<h1>Posteingang</h1><p>Hier kommt an, was die Stadt in dieser Umgebung verschickt. "
            "Nichts davon verlässt diesen Rechner.</p>"
            '<form method="get" action="/"><label for="to">Nur E-Mails an</label> '
            f'<input id="to" name="to" type="text" autocomplete="off" value="{escape(to)}"> '
            "<button>Anzeigen</button></form>"
            + (f'<ul class="mails">{items}</ul>' if items else "<p>Keine E-Mails.</p>")
            + (f'<p><a href="{escape(older)}">Ältere E-Mails</a></p>' if older else ""),
        )

    async def one(self, request: Request) -> Response:
        """Show one mail: text, HTML as a mail program shows it, headers."""
        mail = self.store.mail(request.path_params["mail_id"])
        if mail is None:
            return _missing()
        parts = take_apart(mail.content)
        here = f"/mails/{mail.mail_id}"
        rows = "".join(f'<tr><th scope="row">{escape(n)}</th><td>{escape(v)}</td></tr>' for n, v in parts.headers)
        framed = (
            f'<h2>Ansicht</h2><iframe title="Ansicht der E-Mail" src="{here}/html" '
            'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
        )
        return _page(
            mail.subject or "Ohne Betreff",
            f'<p><a href="/">Zum Posteingang</a></p><h1>{escape(mail.subject) or "Ohne Betreff"}</h1>'
            f"<p>An {escape(mail.recipient)}, {_time(mail)}</p>"
            + (framed if parts.html else "")
            + f"<h2>Text</h2><pre>{_linked(parts.text)}</pre>"
            f"<h2>Kopfzeilen</h2><table>{rows}</table>"
            f'<p>Absender auf dem Umschlag: {escape(mail.sender)}</p><p><a href="{here}/quelle">Quelltext</a></p>',
        )

    async def html_part(self, request: Request) -> Response:
        """Return the HTML part, locked in: no script, nothing from elsewhere; links open beside."""
        mail = self.store.mail(request.path_params["mail_id"])
        if mail is None:
            return _missing()
        content = take_apart(mail.content).html.replace("<head>", '<head><base target="_blank">', 1)
        return HTMLResponse(content, headers=_MAIL_POLICY)

    async def source(self, request: Request) -> Response:
        """Return the mail as it came."""
        mail = self.store.mail(request.path_params["mail_id"])
        if mail is None:
            return _missing()
        return PlainTextResponse(mail.content, headers={**_POLICY, "X-Content-Type-Options": "nosniff"})

    async def style(self, _request: Request) -> Response:
        """Return the style sheet."""
        return Response(_STYLE, media_type="text/css")


def _item(mail: Stored) -> str:
    return (
        f'<li><a href="/mails/{mail.mail_id}">{escape(mail.subject) or "Ohne Betreff"}</a><br>'
        f"An {escape(mail.recipient)}, {_time(mail)}</li>"
    )


def _time(mail: Stored) -> str:
    return f"{datetime.fromtimestamp(mail.received_at, tz=_LOCAL):%d.%m.%Y, %H:%M:%S} Uhr"


def _linked(text: str) -> str:
    """Escape a text and make its addresses links."""
    parts: list[str] = []
    end = 0
    for found in _LINK.finditer(text):
        target = escape(found.group())
        parts += (escape(text[end : found.start()]), f'<a href="{target}" rel="noreferrer">{target}</a>')
        end = found.end()
    return "".join(parts) + escape(text[end:])


def _page(title: str, body: str, status: int = HTTPStatus.OK) -> HTMLResponse:
    return HTMLResponse(
        f'<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{escape(title)} – Simulierte Post</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="stylesheet" href="/stil.css">'
        f"</head><body><main>{body}</main></body></html>",
        status,
        headers=_POLICY,
    )


def _missing() -> HTMLResponse:
    return _page(
        "Nicht gefunden",
        '<h1>Diese E-Mail gibt es nicht (mehr)</h1><p><a href="/">Zum Posteingang</a></p>',
        HTTPStatus.NOT_FOUND,
    )
