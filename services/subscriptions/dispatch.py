"""What leaves the service for people: mails and push messages, put together from the settings."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.clock import Clock
from chassis.database import Database
from chassis.mail_ledger import IN_FLIGHT, MailRelay
from chassis.mailer import Mailer, MailRelaySettings, relay_address
from chassis.service import Loop
from chassis.settings import secret
from services.subscriptions.domain.envelope import House, house_of
from services.subscriptions.fanout import Fanout
from services.subscriptions.gateways.mail import MailGateway
from services.subscriptions.gateways.push import PushGateway, PushSettings, public_key, read_key
from services.subscriptions.settings import SubscriptionsSettings
from services.subscriptions.storage.topics import TopicList


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The ways out and their loops."""

    house: House
    fanout: Fanout
    """Announcements, to everybody whom they concern."""
    relay: MailRelay
    """Single mails."""
    push_key: str
    """What browsers need to subscribe."""
    mailers: tuple[Mailer, Mailer]
    push: PushGateway

    @property
    def loops(self) -> list[Loop]:
        """Run beside the service."""
        return [self.fanout.loop, self.relay.run]

    async def close(self) -> None:
        """Close all connections."""
        for each in self.mailers:
            await each.close()
        await self.push.close()


def make_dispatch(
    settings: SubscriptionsSettings, database: Database, *, key: bytes, topics: TopicList, now: Clock
) -> Dispatch:
    """Prepare; nothing is opened yet. Single mails have a connection of their own: a fan-out does not hold them up."""
    house = house_of(settings.mail_from, settings.portal_url)
    vapid = read_key(settings.vapid_key_file)
    many = Mailer(_relay(settings, house, connections=settings.mail_connections))
    single = Mailer(_relay(settings, house, connections=IN_FLIGHT))
    mail = MailGateway(many, house=house, key=key, topic_name=topics.name)
    pushing = PushSettings(vapid, settings.vapid_contact, settings.push_hosts)
    push = PushGateway(pushing, house=house, now=now)
    return Dispatch(
        house=house,
        fanout=Fanout(database, mail, push, settings, now),
        relay=MailRelay(database, single, sender=house.address, now=now),
        push_key=public_key(vapid),
        mailers=(many, single),
        push=push,
    )


def _relay(settings: SubscriptionsSettings, house: House, *, connections: int) -> MailRelaySettings:
    host, port = relay_address(settings.mail_relay)
    return MailRelaySettings(
        host=host,
        port=port,
        ehlo_name=house.domain,
        tls=settings.mail_tls,
        user=settings.mail_user,
        password=secret(settings.mail_password_file) if settings.mail_password_file else "",
        connections=connections,
    )
