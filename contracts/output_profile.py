"""What a print provider accepts and costs: zones, limits and dated prices, as data.

Notices draws and checks letters by it, the mail gateway batches and prices by it.
"""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Column = Literal["simplex", "duplex", "colour_simplex", "colour_duplex"]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Zone(_Data):
    """A rectangle on the sheet in millimetres from its top left corner."""

    name: str
    left: float
    top: float
    right: float
    bottom: float
    pages: Literal["first", "all"]


class Zones(_Data):
    """Where the recipient and sender stand, and where nothing may stand."""

    sender: Zone
    recipient: Zone
    recipient_lines: int
    recipient_size_pt: float
    sender_size_pt: float
    forbidden: tuple[Zone, ...]


class Limits(_Data):
    """What one letter and one request may hold."""

    pages: int
    letter_bytes: int
    request_bytes: int
    letters_per_request: int
    page_width_pt: float
    page_height_pt: float
    address_line_chars: int


class PriceClass(_Data):
    """One weight class: net EUR per letter with its sheets included."""

    name: str
    sheets: int
    simplex: Decimal
    duplex: Decimal
    colour_simplex: Decimal
    colour_duplex: Decimal


class FurtherSheet(_Data):
    """Net EUR for each sheet beyond the largest class's."""

    simplex: Decimal
    duplex: Decimal
    colour_simplex: Decimal
    colour_duplex: Decimal


class PriceList(_Data):
    """Prices of one tariff from a date on; print, envelope and postage included."""

    valid_from: date
    tariff: str
    source: str
    classes: tuple[PriceClass, ...]
    further_sheet: FurtherSheet
    abroad_surcharge: Decimal


class OutputProfile(_Data):
    """A provider's output profile."""

    name: str
    title: str
    zones: Zones
    limits: Limits
    prices: tuple[PriceList, ...] = Field(min_length=1)

    def prices_on(self, day: date) -> PriceList:
        """Return the price list in force on a day, the oldest one for a day before it."""
        in_force = [prices for prices in self.prices if prices.valid_from <= day]
        if not in_force:
            return min(self.prices, key=lambda prices: prices.valid_from)
        return max(in_force, key=lambda prices: prices.valid_from)


def sheets_of(pages: int, *, duplex: bool) -> int:
    """Sheets of paper for a number of pages."""
    return (pages + 1) // 2 if duplex else pages


def price_of(prices: PriceList, pages: int, *, duplex: bool, colour: bool, abroad: bool) -> Decimal:
    """Net EUR for one letter."""
    sheets = sheets_of(pages, duplex=duplex)
    column: Column = (
        ("colour_duplex" if duplex else "colour_simplex") if colour else ("duplex" if duplex else "simplex")
    )
    surcharge = prices.abroad_surcharge if abroad else Decimal(0)
    for price_class in sorted(prices.classes, key=lambda each: each.sheets):
        if sheets <= price_class.sheets:
            return getattr(price_class, column) + surcharge
    largest = max(prices.classes, key=lambda each: each.sheets)
    further = (sheets - largest.sheets) * getattr(prices.further_sheet, column)
    return getattr(largest, column) + further + surcharge


@cache
def output_profile(name: str) -> OutputProfile:
    """Load a shipped profile by name; FileNotFoundError when there is none."""
    text = resources.files("contracts.profiles").joinpath(f"{name}.toml").read_text("utf-8")
    return OutputProfile.model_validate(tomllib.loads(text))
