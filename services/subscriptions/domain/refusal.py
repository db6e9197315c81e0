"""A request of a person that cannot be followed, in words for that person."""

from __future__ import annotations

from typing import Literal

Kind = Literal["unknown", "gone", "invalid"]


class Refusal(Exception):  # noqa: N818 - an answer, not a failure
    """What is wrong and what to do; never quotes an address."""

    def __init__(self, kind: Kind, title: str, detail: str = "") -> None:
        """`unknown`: there is no such thing; `gone`: no longer; `invalid`: the request cannot be meant so."""
        super().__init__(title)
        self.kind: Kind = kind
        self.title = title
        self.detail = detail


def bad_link() -> Refusal:
    """Refuse a link that is not ours, or cut off."""
    return Refusal(
        "unknown", "Dieser Link ist nicht gültig.", "Vielleicht fehlt ein Stück: Bitte kopieren Sie ihn ganz."
    )


def old_link() -> Refusal:
    """Refuse a link whose person or time is over."""
    return Refusal("gone", "Dieser Link gilt nicht mehr.", "Bitte fordern Sie einen neuen Link an.")
