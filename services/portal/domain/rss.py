"""RSS 2.0: one item per announcement, because its readers do not look at an item twice."""

from __future__ import annotations

from email.utils import format_datetime
from xml.etree import ElementTree as ET

from services.portal.domain.items import Feed
from services.portal.domain.xml import add, written


def rss(feed: Feed) -> bytes:
    """Return the document."""
    root = ET.Element("rss", {"version": "2.0", "xmlns:atom": "http://www.w3.org/2005/Atom"})
    channel = add(root, "channel")
    add(channel, "title", feed.title)
    add(channel, "link", feed.page_url)
    add(channel, "description", feed.title)
    add(channel, "language", feed.language)
    add(channel, "lastBuildDate", format_datetime(feed.updated))
    add(channel, "atom:link", rel="self", type="application/rss+xml", href=feed.self_url)
    told = [(item, said) for item in feed.items for said in item.said]
    for item, said in sorted(told, key=lambda each: each[1].at, reverse=True):
        entry = add(channel, "item")
        add(entry, "title", said.headline)
        add(entry, "link", item.url)
        add(entry, "guid", f"{item.urn}#{said.number}", isPermaLink="false")
        add(entry, "pubDate", format_datetime(said.at))
        for name in item.topics.values():
            add(entry, "category", name)
        add(entry, "description", said.body)
    return written(root)
