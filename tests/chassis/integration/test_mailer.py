"""What each answer of a relay means, and what happens to its connections."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from chassis.mailer import Mailer, MailRelaySettings, Outcome, relay_address
from tests.chassis.integration.raw_relay import RawRelay, agreeable
from tests.support.eventually import eventually
from tests.support.processes import free_port

MAIL = b"Subject: x\r\n\r\n.a line with a dot\r\n"
ADA, TOWN = "ada@fast.example", "bounce+1@town.example"


def answering(**answers: str) -> Callable[[str], str]:
    """Answer some commands in a way of its own; DOT is the end of the mail."""
    return lambda command: answers.get("DOT" if command == "." else command) or agreeable(command)


def cutting(at: str) -> Callable[[str], str]:
    return lambda command: "" if command == at else agreeable(command)


def saying_once(at: str, answer: str) -> Callable[[str], str]:
    answers = iter([answer])

    def script(command: str) -> str:
        return next(answers, agreeable(command)) if command == at else agreeable(command)

    return script


def relay_of(relay: RawRelay) -> MailRelaySettings:
    return MailRelaySettings("127.0.0.1", relay.port, command_seconds=0.5, connect_seconds=0.5)


async def sent(relay: RawRelay, *, to: str = ADA) -> Outcome:
    async with relay.listening():
        mailer = Mailer(relay_of(relay))
        outcome = await mailer.send(TOWN, to, MAIL)
        await mailer.close()
    return outcome


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        (agreeable, Outcome("accepted", "250 2.0.0")),
        (answering(RCPT="450 4.2.0 greylisted"), Outcome("deferred", "450 4.2.0")),
        (answering(RCPT="550 5.1.1 <ada@fast.example> unknown"), Outcome("refused", "550 5.1.1")),
        (answering(RCPT="421 4.3.2 shutting down"), Outcome("deferred", "421 4.3.2")),
        (answering(DATA="452 full"), Outcome("deferred", "452")),
        (answering(DATA="554 5.7.1 no"), Outcome("refused", "554 5.7.1")),
        (answering(DOT="451 4.3.0 later"), Outcome("deferred", "451 4.3.0")),
        (answering(DOT="552 5.3.4 too large"), Outcome("refused", "552 5.3.4")),
        (answering(DOT="-"), Outcome("unknown", "time-out")),
        (cutting("."), Outcome("unknown", "lost")),
        (cutting("RCPT"), Outcome("deferred", "lost")),
        (answering(RCPT="-"), Outcome("deferred", "time-out")),
        (answering(RCPT="what?"), Outcome("deferred", "lost")),
    ],
)
async def test_an_answer_says_what_became_of_the_mail(script: Callable[[str], str], outcome: Outcome) -> None:
    assert await sent(RawRelay(script)) == outcome


@pytest.mark.parametrize(
    ("script", "reply"),
    [
        (answering(MAIL="452 4.3.1 disk full"), "452 4.3.1"),
        (answering(MAIL="530 5.7.0 who are you"), "530 5.7.0"),
        (answering(MAIL="-"), "time-out"),
        (cutting("MAIL"), "lost"),
        (cutting("EHLO"), "lost"),
        (answering(EHLO="-"), "time-out"),
    ],
)
async def test_what_is_said_before_the_recipient_is_held_against_nobody(
    script: Callable[[str], str], reply: str
) -> None:
    outcome = await sent(RawRelay(script))

    assert (outcome.kind, outcome.relay_away) == ("deferred", True)
    assert outcome.reply in (reply, "no connection")


async def test_a_relay_that_is_not_there_is_away() -> None:
    outcome = await Mailer(MailRelaySettings("127.0.0.1", free_port())).send(TOWN, ADA, MAIL)

    assert outcome == Outcome("deferred", "no connection", relay_away=True)


async def test_mails_share_connections_and_never_more_than_allowed() -> None:
    async with RawRelay().listening() as relay:
        mailer = Mailer(replace(relay_of(relay), connections=3))

        outcomes = await asyncio.gather(*(mailer.send(TOWN, f"u{n}@fast.example", MAIL) for n in range(50)))
        await mailer.close()

    assert {each.kind for each in outcomes} == {"accepted"}
    assert relay.connections == 3
    assert relay.said.count("QUIT") == 3


@pytest.mark.parametrize("most", [1, 3])
async def test_a_relay_that_takes_fewer_connections_is_full_and_not_away(most: int) -> None:
    relay = RawRelay(most=most)

    async with relay.listening():
        mailer = Mailer(replace(relay_of(relay), connections=8))
        outcomes = await asyncio.gather(*(mailer.send(TOWN, f"{n}@fast.example", MAIL) for n in range(80)))
        await mailer.close()

    assert {outcome.kind for outcome in outcomes} == {"accepted"}
    assert relay.connections <= 8


async def test_a_relay_that_refuses_every_connection_is_away_for_all_at_once() -> None:
    relay = RawRelay(most=0)

    async with relay.listening():
        mailer = Mailer(replace(relay_of(relay), connections=8))
        outcomes = await asyncio.gather(*(mailer.send(TOWN, f"{n}@fast.example", MAIL) for n in range(8)))
        await mailer.close()

    assert set(outcomes) == {Outcome("deferred", "421 4.7.0", relay_away=True)}
    assert relay.connections == 8


async def test_a_connection_is_replaced_after_its_share_of_mails() -> None:
    async with RawRelay().listening() as relay:
        mailer = Mailer(replace(relay_of(relay), connections=1, mails_per_connection=2))

        for _ in range(5):
            await mailer.send(TOWN, ADA, MAIL)
        await mailer.close()

    assert relay.connections == 3


async def test_a_refused_mail_leaves_the_connection_usable() -> None:
    async with RawRelay(answering(RCPT="550 5.1.1 no")).listening() as relay:
        mailer = Mailer(replace(relay_of(relay), connections=1))

        await mailer.send(TOWN, ADA, MAIL)
        relay.script = agreeable
        outcome = await mailer.send(TOWN, ADA, MAIL)
        await mailer.close()

    assert (outcome.kind, relay.connections) == ("accepted", 1)
    assert "RSET" in relay.said


async def test_a_connection_that_the_relay_gave_up_while_idle_costs_no_mail() -> None:
    async with RawRelay().listening() as relay:
        mailer = Mailer(replace(relay_of(relay), connections=1))
        await mailer.send(TOWN, ADA, MAIL)

        relay.script = saying_once("MAIL", "421 4.4.2 idle too long")
        outcome = await mailer.send(TOWN, ADA, MAIL)
        await mailer.close()

    assert (outcome.kind, relay.connections) == ("accepted", 2)


async def test_a_connection_that_nobody_uses_is_closed() -> None:
    async with RawRelay().listening() as relay:
        mailer = Mailer(replace(relay_of(relay), idle_seconds=0.1))
        await mailer.send(TOWN, ADA, MAIL)

        async def closed() -> bool:
            return relay.open == 0

        await eventually(closed, seconds=3)
        await mailer.close()


async def test_a_mail_that_is_cancelled_half_way_gives_its_answer_to_no_other() -> None:
    async with RawRelay(answering(RCPT="-")).listening() as relay:
        mailer = Mailer(replace(relay_of(relay), connections=1, command_seconds=10))

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(mailer.send(TOWN, ADA, MAIL), 0.2)
        relay.script = agreeable
        outcome = await mailer.send(TOWN, ADA, MAIL)
        await mailer.close()

    assert (outcome.kind, relay.connections) == ("accepted", 2)


@pytest.mark.parametrize(
    "address", ["", "ada@fast.example>\r\nRCPT TO:<eve@evil.example", "ada fast@example", "a@b>SIZE=1"]
)
async def test_an_address_cannot_bring_a_command_along(address: str) -> None:
    relay = RawRelay()

    outcome = await sent(relay, to=address)

    assert outcome.kind == "refused"
    assert relay.said == []


async def test_an_address_with_umlauts_needs_a_relay_that_can_do_that() -> None:
    plain, able = RawRelay(), RawRelay(answering(EHLO="250-hello\r\n250 SMTPUTF8"))

    outcomes = [await sent(each, to="jürgen@fast.example") for each in (plain, able)]

    assert [each.kind for each in outcomes] == ["refused", "accepted"]
    assert "RCPT TO:<jürgen@fast.example>" in able.said


async def test_with_tls_a_certificate_of_a_stranger_gets_no_mail(tmp_path: Path) -> None:
    server, trusting = certificate(tmp_path)
    script = answering(EHLO="250-hello\r\n250 STARTTLS", STARTTLS="220 go on")

    async with RawRelay(script, tls=server).listening() as relay:
        known = Mailer(replace(relay_of(relay), tls=True, tls_context=trusting, connect_seconds=5))
        stranger = Mailer(replace(relay_of(relay), tls=True, connect_seconds=5))
        outcomes = [await each.send(TOWN, ADA, MAIL) for each in (known, stranger)]
        await known.close()

    assert outcomes[0].kind == "accepted"
    assert (outcomes[1].kind, outcomes[1].relay_away) == ("deferred", True)


async def test_with_tls_a_relay_without_it_gets_no_mail() -> None:
    async with RawRelay().listening() as relay:
        outcome = await Mailer(replace(relay_of(relay), tls=True)).send(TOWN, ADA, MAIL)

    assert (outcome.kind, outcome.relay_away) == ("deferred", True)
    assert "DATA" not in relay.said


@pytest.mark.parametrize("text", ["relay.example", "relay.example:", ":25", "relay:smtp", ""])
def test_a_relay_is_named_by_host_and_port(text: str) -> None:
    assert relay_address("[::1]:2525") == ("::1", 2525)
    with pytest.raises(ValueError, match="host:port"):
        relay_address(text)


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server with a certificate of its own, and a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "relay")])
    now = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "relay.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=made.public_bytes(Encoding.PEM).decode())
