"""The simulated relay as a real process: what it takes, how it misbehaves on order, what it shows."""

from __future__ import annotations

import smtplib
from collections.abc import Generator
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from time import monotonic

import pytest

from tests.simulators.mail.post_office import PostOffice
from tests.support.eventually import eventually

SENDER = "bounce+abc@town.example"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Generator[PostOffice]:
    with PostOffice(tmp_path_factory.mktemp("post")) as office:
        yield office


@pytest.fixture
def office(running: PostOffice) -> PostOffice:
    running.behaves()
    running.http.delete("/_control/mails").raise_for_status()
    return running


def a_mail(to: str, *, subject: str = "Freibad geschlossen", html: str = "") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = "town@town.example", to, subject, f"<{to}>"
    mail.set_content("Gewitter über dem Bad.\nhttps://portal.example/meldungen/1")
    if html:
        mail.add_alternative(html, subtype="html")
    return mail


def hand_in(office: PostOffice, mail: EmailMessage, *, seconds: float = 5) -> None:
    with smtplib.SMTP("127.0.0.1", office.port, timeout=seconds) as smtp:
        smtp.send_message(mail, from_addr=SENDER)


def test_a_mail_that_was_taken_is_there_after_a_kill(tmp_path: Path) -> None:
    with PostOffice(tmp_path) as office:
        hand_in(office, a_mail("ada@fast.example"))

        office.restart()

        assert [each["subject"] for each in office.mails("ADA@fast.example")] == ["Freibad geschlossen"]
        assert office.summary()["hosts"] == {"fast.example": 1}


def test_the_same_message_id_twice_is_counted_as_a_repeat(office: PostOffice) -> None:
    for to in ("ada@fast.example", "ada@fast.example", "bob@fast.example"):
        hand_in(office, a_mail(to))

    summary = office.summary()

    assert (summary["received"], summary["distinct_message_ids"], summary["repeated"]) == (3, 2, 1)


def test_greylisting_refuses_the_first_try_of_each_recipient_only(office: PostOffice) -> None:
    office.faults({"domain": "grey.example", "kind": "greylist"})

    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        hand_in(office, a_mail("ada@grey.example"))
    hand_in(office, a_mail("ada@grey.example"))

    assert refused.value.recipients["ada@grey.example"][0] == 451
    assert len(office.mails()) == 1


@pytest.mark.parametrize(("stage", "error"), [("rcpt", smtplib.SMTPRecipientsRefused), ("data", smtplib.SMTPDataError)])
def test_a_refusal_comes_at_the_stage_that_was_ordered(
    office: PostOffice, stage: str, error: type[smtplib.SMTPException]
) -> None:
    office.faults({"domain": "full.example", "kind": "refuse", "stage": stage, "reply": "552 5.2.2 Full"})

    with pytest.raises(error):
        hand_in(office, a_mail("ada@full.example"))
    hand_in(office, a_mail("ada@fast.example"))

    assert [each["recipient"] for each in office.mails()] == ["ada@fast.example"]


@pytest.mark.parametrize(("kind", "stored"), [("drop_before", 0), ("drop_after", 1)])
def test_a_dropped_connection_leaves_nothing_or_everything(office: PostOffice, kind: str, stored: int) -> None:
    office.faults({"domain": "*", "kind": kind, "times": 1})

    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        hand_in(office, a_mail("ada@fast.example"))

    assert len(office.mails()) == stored
    assert "Traceback" not in office.log()


def test_a_host_that_hangs_never_answers_and_a_slow_one_late(office: PostOffice) -> None:
    office.faults(
        {"domain": "dead.example", "kind": "hang"},
        {"domain": "slow.example", "kind": "slow", "seconds": 0.3},
    )

    begun = monotonic()
    hand_in(office, a_mail("ada@slow.example"))
    took = monotonic() - begun
    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        hand_in(office, a_mail("ada@dead.example"), seconds=0.3)

    assert took >= 0.3
    assert len(office.mails()) == 1


async def test_a_mail_that_bounces_later_makes_a_report_to_the_envelope_sender(office: PostOffice) -> None:
    office.faults({"domain": "gone.example", "kind": "bounce", "seconds": 0.05})
    hand_in(office, a_mail("ada@gone.example"))

    async def reported() -> bool:
        return len(office.bounces()) == 1

    await eventually(reported)
    report = message_from_string(office.bounces()[0]["content"], policy=default)

    assert report["To"] == SENDER
    assert report.get_content_type() == "multipart/report"
    status = report.get_payload(1)
    assert "Final-Recipient: rfc822; ada@gone.example" in str(status)
    assert "Status: 5.1.1" in str(status)


def test_an_order_that_cannot_be_understood_is_refused_in_words(office: PostOffice) -> None:
    answers = [
        office.http.post("/_control/faults", json=order)
        for order in ([{"domain": "x.example", "kind": "explode"}], [7], {"domain": "*", "kind": "hang", "times": 0})
    ]

    assert [each.status_code for each in answers] == [400, 400, 400]
    assert "kind is one of" in answers[0].json()["error"]


def test_the_inbox_shows_what_a_sender_wrote_and_runs_none_of_it(office: PostOffice) -> None:
    hand_in(office, a_mail("ada@fast.example", subject="<script>alert(1)</script>", html="<html><head></head>Hallo"))
    number = office.mails()[0]["mail_id"]

    overview, one, html = (office.http.get(path) for path in ("/", f"/mails/{number}", f"/mails/{number}/html"))

    assert "<script>" not in overview.text + one.text
    assert '<a href="https://portal.example/meldungen/1"' in one.text
    assert "sandbox" in html.headers["content-security-policy"]
    assert "default-src 'none'" in html.headers["content-security-policy"]
    assert office.http.get("/mails/999999").status_code == 404
