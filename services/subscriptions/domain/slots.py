"""Bytes with gaps: composed once for all, filled for each person. Quoted-printable (RFC 2045) leaves the gaps whole."""

from __future__ import annotations

import quopri
import re
from collections.abc import Mapping

_MARK = "\0"
_SLOT = re.compile(f"{_MARK}([a-z_]+){_MARK}")
GAP = "…"
"""Stands in a preview for what is not known yet."""
_ANCHOR = b"|"
_SOFT_BREAK = b"=\r\n"
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile("\r\n?|[\u2028\u2029\x85]")
LONGEST_VALUE = 75
"""In quoted text a value has a line of its own."""


def slot(name: str) -> str:
    """Return a gap to be put into a text; `clean` text cannot hold one."""
    return f"{_MARK}{name}{_MARK}"


def clean(text: str) -> str:
    """Drop what nobody sees (control characters, changes of direction); line breaks become LF."""
    return _UNSEEN.sub("", _BREAKS.sub("\n", text))


def one_line(text: str) -> str:
    """Return clean text for a header or a title: no line break survives."""
    return " ".join(clean(text).split())


def without_gaps(text: str) -> str:
    """Return a text with dots in its gaps, to be looked at."""
    return _SLOT.sub(GAP, text)


def quoted_printable(text: str) -> bytes:
    """Encode a text with gaps; no line is longer than 76 characters once they are filled."""
    parts = _SLOT.split(text)
    encoded: list[bytes] = []
    for position, part in enumerate(parts):
        if position % 2:
            encoded.append(_SOFT_BREAK + slot(part).encode() + _SOFT_BREAK)
        else:
            # The anchor leaves room for the soft break that follows, and keeps a space before it as it is.
            encoded.append(quopri.encodestring(part.encode() + _ANCHOR).removesuffix(_ANCHOR).replace(b"\n", b"\r\n"))
    return b"".join(encoded)


class Gapped:
    """A message whose gaps are filled by one join."""

    def __init__(self, content: bytes) -> None:
        """Cut at the gaps."""
        parts = content.split(_MARK.encode())
        self._fixed = parts[0::2]
        self._slots = [name.decode() for name in parts[1::2]]

    def filled(self, values: Mapping[str, bytes]) -> bytes:
        """Return the whole; KeyError when a value is missing."""
        result = [self._fixed[0]]
        for name, fixed in zip(self._slots, self._fixed[1:], strict=True):
            result += (values[name], fixed)
        return b"".join(result)
