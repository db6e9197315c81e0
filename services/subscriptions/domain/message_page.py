"""What a mail shows, as text and as simple HTML: no remote content, nothing that tracks, light or dark as one likes."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from services.subscriptions.domain.message_words import Frame

_STYLE = (
    "body{margin:0;background:#f3f5f7;color:#16202a;font:17px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,"
    "'Helvetica Neue',Arial,sans-serif}"
    ".m{max-width:36em;margin:0 auto;padding:1.25em;box-sizing:border-box;background:#fff;overflow-wrap:anywhere}"
    ".k{display:inline-block;margin:0 0 .75em;padding:.15em .7em;border:2px solid;border-radius:4px;font-weight:700}"
    ".w{color:#9a3412}.g{color:#14663a}"
    "h1{margin:0 0 .5em;font-size:1.5em;line-height:1.25}"
    "a{color:#0b4f8a}.b{display:inline-block;margin:.5em 0 1em;padding:.7em 1.2em;border-radius:4px;"
    "background:#0b4f8a;color:#fff;font-weight:700;text-decoration:none}"
    ".f{margin-top:2em;padding-top:1em;border-top:1px solid #8a97a3;font-size:.9em;color:#3d4a56}"
    ".f a{display:inline-block;padding:.25em 0}.f ul{margin:0;padding:0;list-style:none}"
    "@media(prefers-color-scheme:dark){body{background:#0d1218;color:#eef2f5}.m{background:#161d25}"
    ".w{color:#fdba74}.g{color:#86efac}a{color:#8ec5ff}.b{background:#8ec5ff;color:#0d1218}"
    ".f{color:#c3ccd4;border-color:#5b6874}}"
)


@dataclass(frozen=True, slots=True)
class Links:
    """Where the portal has what."""

    details: str
    other_language: str
    why: str
    settings: str
    unsubscribe: str
    imprint: str
    privacy: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that is to be read, clean and not yet escaped."""

    frame: Frame
    kind: str
    is_warning: bool
    headline: str
    body: str
    as_of: str
    why: str
    house: str
    links: Links


def text(page: Page) -> str:
    """Return the plain part."""
    frame, links = page.frame, page.links
    return "\n".join(
        [
            page.headline,
            "",
            page.body,
            "",
            page.as_of,
            labelled(frame.details, links.details),
            *_text_of_other(page),
            "",
            "-- ",
            page.why,
            labelled(frame.why_me, links.why),
            labelled(frame.settings, links.settings),
            labelled(frame.unsubscribe, links.unsubscribe),
            "",
            page.house,
            labelled(frame.imprint, links.imprint),
            labelled(frame.privacy, links.privacy),
            "",
        ]
    )


def html(page: Page) -> str:
    """Return the HTML part; it has no gap but in links."""
    frame, links = page.frame, page.links
    own = (
        _link(links.why, frame.why_me),
        _link(links.settings, frame.settings),
        _link(links.unsubscribe, frame.unsubscribe),
    )
    town = f"{_link(links.imprint, frame.imprint)} · {_link(links.privacy, frame.privacy)}"
    return "\n".join(
        [
            f'<!doctype html>\n<html lang="{frame.html_language}">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            '<meta name="supported-color-schemes" content="light dark">',
            f"<title>{escape(page.headline)}</title>\n<style>{_STYLE}</style>\n</head>",
            '<body>\n<div class="m">\n<main>',
            f'<p class="k {"w" if page.is_warning else "g"}">{escape(page.kind)}</p>',
            f"<h1>{escape(page.headline)}</h1>",
            _paragraphs(page.body),
            f"<p>{escape(page.as_of)}</p>",
            f'<p><a class="b" href="{escape(links.details)}">{escape(frame.details)}</a></p>',
            *_html_of_other(page),
            f'</main>\n<div class="f" role="contentinfo">\n<p>{escape(page.why)}</p>',
            "<ul>" + "".join(f"<li>{each}</li>" for each in own) + "</ul>",
            f"<p>{escape(page.house)}<br>\n{town}</p>",
            "</div>\n</div>\n</body>\n</html>\n",
        ]
    )


def _text_of_other(page: Page) -> list[str]:
    if not (page.frame.other_language and page.links.other_language):
        return []
    return [labelled(page.frame.other_language, page.links.other_language)]


def _html_of_other(page: Page) -> list[str]:
    if not (page.frame.other_language and page.links.other_language):
        return []
    return [f'<p lang="en">{_link(page.links.other_language, page.frame.other_language)}</p>']


def labelled(words: str, target: str) -> str:
    """Return a line of text with an address; a question keeps its mark."""
    return f"{words} {target}" if words.endswith("?") else f"{words}: {target}"


def _link(target: str, words: str) -> str:
    return f'<a href="{escape(target)}">{escape(words)}</a>'


def _paragraphs(body: str) -> str:
    parts = [part.strip("\n") for part in body.split("\n\n")]
    return "\n".join(f"<p>{escape(part).replace(chr(10), '<br>' + chr(10))}</p>" for part in parts if part)
