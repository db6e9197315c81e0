"""Letters by e-mail: composed once for language and topic, filled for each person, handed to the mail relay."""

from __future__ import annotations

from collections.abc import Callable

from chassis.mailer import Mailer, Outcome
from services.subscriptions.domain import link_token
from services.subscriptions.domain import message as composing
from services.subscriptions.domain.announcing import Language, worded
from services.subscriptions.domain.envelope import House, bounce_address, message_id
from services.subscriptions.domain.letter import Letter
from services.subscriptions.domain.slots import Gapped

TopicName = Callable[[str, Language], str]
_KEPT = 256
"""Composed messages; an alert for many places has one for each topic and language."""


class MailGateway:
    """One way out (`Handover`)."""

    def __init__(self, mailer: Mailer, *, house: House, key: bytes, topic_name: TopicName) -> None:
        """Take the mailer, which the caller closes."""
        self._mailer = mailer
        self._house = house
        self._key = key
        self._topic_name = topic_name
        self._composed: dict[tuple[int, Language, str], Gapped] = {}

    async def hand_over(self, letter: Letter) -> Outcome:
        """Send one mail; the same letter again has the same Message-ID."""
        if not letter.email:
            return Outcome("refused", "no address")
        sender = bounce_address(self._token("bounce", f"{letter.delivery_id}"), self._house.domain)
        return await self._mailer.send(sender, letter.email, self.content(letter))

    def content(self, letter: Letter) -> bytes:
        """Return the whole message (RFC 5322)."""
        person = f"{letter.subscriber_id}:{letter.link_version}"
        matter = letter.matter
        return self._message(letter).filled(
            {
                composing.RECIPIENT: (letter.email or "").encode(),
                composing.MESSAGE_ID: self._message_id(matter.announcement_id, letter.subscriber_id),
                composing.FIRST_MESSAGE_ID: self._message_id(matter.first_announcement_id, letter.subscriber_id),
                composing.PREFERENCES: self._token("preferences", person).encode(),
                composing.UNSUBSCRIBE: self._token("unsubscribe", f"{person}:{matter.announcement_id}").encode(),
            }
        )

    def _token(self, purpose: link_token.Purpose, subject: str) -> str:
        return link_token.sign(self._key, purpose, subject)

    def _message_id(self, announcement_id: int, subscriber_id: int) -> bytes:
        return message_id(self._key, announcement_id, subscriber_id, self._house.domain).encode()

    def _message(self, letter: Letter) -> Gapped:
        wanted = (letter.announcement_id, letter.language, letter.topic)
        composed = self._composed.get(wanted)
        if composed is None:
            if len(self._composed) >= _KEPT:
                self._composed.clear()
            composed = self._composed[wanted] = composing.compose(self._draft(letter))
        return composed

    def _draft(self, letter: Letter) -> composing.Draft:
        matter = letter.matter
        return composing.Draft(
            house=self._house,
            language=letter.language,
            wording=worded(matter.texts, letter.language),
            kind=matter.kind,
            incident_id=matter.incident_id,
            topic=letter.topic,
            topic_name=self._topic_name(letter.topic, letter.language),
            released_at=matter.released_at,
            is_first=matter.announcement_id == matter.first_announcement_id,
        )
