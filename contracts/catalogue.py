"""Every message that may travel on the bus."""

from __future__ import annotations

from contracts.accounts import DeliveryRouted
from contracts.base import Message
from contracts.mailgateway import LetterFailed, LetterPosted, LettersDispatched, LetterUnclear
from contracts.notices import ChunkRendered, NoticeGenerated, RenderChunk

CATALOGUE: tuple[type[Message], ...] = (
    RenderChunk,
    ChunkRendered,
    NoticeGenerated,
    DeliveryRouted,
    LettersDispatched,
    LetterPosted,
    LetterFailed,
    LetterUnclear,
)

BY_SUBJECT: dict[str, type[Message]] = {message.subject: message for message in CATALOGUE}
