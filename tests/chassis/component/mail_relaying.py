"""A process that only brings recorded mails to the relay: `python -m … DATABASE_URL PORT`."""

from __future__ import annotations

import asyncio
import sys

from chassis.database import Database
from chassis.mail_ledger import MailRelay
from chassis.mailer import Mailer, MailRelaySettings


async def relay(url: str, port: int) -> None:
    mailer = Mailer(MailRelaySettings("127.0.0.1", port))
    await MailRelay(Database(url), mailer, sender="bounces@town.example").run()


if __name__ == "__main__":
    asyncio.run(relay(sys.argv[1], int(sys.argv[2])))
