"""Atom feeds (RFC 4287): one entry per incident, which changes when something new is said of it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from services.portal.domain.items import Feed, Item
from services.portal.domain.xml import add, written

_NAMESPACE = "http://www.w3.org/2005/Atom"


def atom(feed: Feed) -> bytes:
    """Return the document."""
    root = ET.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": feed.language})
    add(root, "id", feed.urn)
    add(root, "title", feed.title)
    add(root, "updated", feed.updated.isoformat())
    add(add(root, "author"), "name", feed.author)
    add(root, "link", rel="self", type="application/atom+xml", href=feed.self_url)
    add(root, "link", rel="alternate", type="text/html", href=feed.page_url)
    for item in feed.items:
        _entry(root, item)
    return written(root)


def alerts_atom(feed: Feed, links: dict[str, str]) -> bytes:
    """Return a feed whose entries lead to CAP messages; `links` by incident."""
    root = ET.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": feed.language})
    add(root, "id", feed.urn)
    add(root, "title", feed.title)
    add(root, "updated", feed.updated.isoformat())
    add(add(root, "author"), "name", feed.author)
    add(root, "link", rel="self", type="application/atom+xml", href=feed.self_url)
    for item in feed.items:
        entry = _entry(root, item)
        add(entry, "link", rel="enclosure", type="application/cap+xml", href=links[str(item.incident)])
    return written(root)


def _entry(root: ET.Element, item: Item) -> ET.Element:
    entry = add(root, "entry")
    add(entry, "id", item.urn)
    add(entry, "title", item.newest.headline)
    add(entry, "published", item.said[0].at.isoformat())
    add(entry, "updated", item.newest.at.isoformat())
    add(entry, "link", rel="alternate", type="text/html", href=item.url)
    for topic, name in item.topics.items():
        add(entry, "category", term=topic, label=name)
    add(entry, "summary", item.newest.body)
    return entry
