"""Decisions of clerks."""

from __future__ import annotations

from services.mailgateway.commands.decide_letter import decide_letter
from services.mailgateway.domain.decision import Decision
from services.mailgateway.storage.tables import LetterRow
from tests.mailgateway.component.town import Gateway, letter_id


async def decide(gateway: Gateway, number: int, decision: Decision) -> LetterRow:
    return await decide_letter(letter_id(number), decision, gateway.post)
