"""What the fan-out asks of the ways out."""

from __future__ import annotations

from typing import Protocol

from chassis.mailer import Outcome
from services.subscriptions.domain.letter import Letter


class Handover(Protocol):
    """One way out: the mail relay or the push services."""

    async def hand_over(self, letter: Letter) -> Outcome:
        """Hand one letter over and say what came of it; raises nothing that concerns this letter alone."""
        ...
