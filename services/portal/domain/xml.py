"""XML as text: every value is escaped, characters that XML does not know are left out."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def add(parent: ET.Element, tag: str, text: str = "", /, **attributes: str) -> ET.Element:
    """Append an element with a text."""
    child = ET.SubElement(parent, tag, attributes)
    child.text = _FORBIDDEN.sub("", text) or None
    return child


def written(root: ET.Element) -> bytes:
    """Return a document in UTF-8."""
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)
