"""Marks where nothing may be printed: the provider's forbidden zones, looked at in the raster."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from contracts.output_profile import Zone, Zones
from services.notices.domain.model import Finding
from services.notices.letters.reading import SCALE, PageReading

_PIXELS_PER_MM = SCALE * 72 / 25.4
_PAPER = 250
"""Anything darker is a mark; a hairline of a quarter point still is."""


def findings(pages: tuple[PageReading, ...], zones: Zones) -> Iterator[Finding]:
    """Report each forbidden zone that is not clean, page by page."""
    for number, page in enumerate(pages, 1):
        for zone in zones.forbidden:
            if (number == 1 or zone.pages == "all") and _darkest(page.raster, zone) < _PAPER:
                yield Finding("ink_in_zone", f"Auf Seite {number} steht etwas im Bereich „{zone.name}“.", number)


def _darkest(raster: NDArray[np.uint8], zone: Zone) -> int:
    """Return the darkest pixel of those that lie wholly inside the zone; white when there is none."""
    height, width = raster.shape
    top, bottom = ceil(zone.top * _PIXELS_PER_MM), min(height, floor(zone.bottom * _PIXELS_PER_MM))
    left, right = ceil(zone.left * _PIXELS_PER_MM), min(width, floor(zone.right * _PIXELS_PER_MM))
    return int(raster[top:bottom, left:right].min(initial=255))
