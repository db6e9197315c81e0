"""What leaves the service for people: single mails, over the town's relay."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.clock import Clock
from chassis.database import Database
from chassis.mail_ledger import IN_FLIGHT, MailRelay
from chassis.mailer import Mailer, MailRelaySettings, relay_address
from chassis.service import Loop
from chassis.settings import secret
from services.appointments.domain.letter import domain_of, sender_address
from services.appointments.settings import AppointmentsSettings


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The way out and its loop."""

    relay: MailRelay
    mailer: Mailer

    @property
    def loops(self) -> list[Loop]:
        """Run beside the service."""
        return [self.relay.run]

    async def close(self) -> None:
        """Close all connections."""
        await self.mailer.close()


def make_dispatch(settings: AppointmentsSettings, database: Database, *, now: Clock) -> Dispatch:
    """Prepare; nothing is opened yet. ValueError when the settings name no relay or no sender."""
    host, port = relay_address(settings.mail_relay)
    mailer = Mailer(
        MailRelaySettings(
            host=host,
            port=port,
            ehlo_name=domain_of(settings.mail_from),
            tls=settings.mail_tls,
            user=settings.mail_user,
            password=secret(settings.mail_password_file) if settings.mail_password_file else "",
            connections=IN_FLIGHT,
        )
    )
    return Dispatch(MailRelay(database, mailer, sender=sender_address(settings.mail_from), now=now), mailer)
