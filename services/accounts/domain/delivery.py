"""By which channel a notice reaches its addressee, and why. Pure rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Regime = Literal["AO", "VwVfG"]

_POSTAL_RULE: dict[Regime, str] = {
    "AO": "§ 122 (2) Nr. 1 AO",
    "VwVfG": "§ 41 (2) Satz 1 VwVfG",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """The channel with its reason and the rule that dates the announcement (Bekanntgabe)."""

    channel: Literal["paper"]
    reason: Literal["no_account"]
    legal_basis: str


def decide(regime: Regime) -> Decision:
    """Decide for a person without an account: paper, announced by post.

    There are no accounts yet, so this is everybody.
    """
    return Decision("paper", "no_account", _POSTAL_RULE[regime])
