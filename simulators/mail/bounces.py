"""Reports of non-delivery as mail hosts write them (DSN, RFC 3464)."""

from __future__ import annotations

from email.utils import formatdate, make_msgid

from simulators.mail.store import Stored

_BOUNDARY = "=_report"
_HOST = "mail.simulator.example"
STATUS = "5.1.1"


def report(mail: Stored) -> bytes:
    """Say that a mail which had been taken could not be delivered after all."""
    head = mail.content.partition(b"\r\n\r\n")[0]
    fields = [
        f"From: Mail Delivery System <MAILER-DAEMON@{_HOST}>",
        f"To: {mail.sender}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {formatdate()}",
        f"Message-ID: {make_msgid(domain=_HOST)}",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{_BOUNDARY}"',
        "",
        f"--{_BOUNDARY}",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "I'm sorry to have to inform you that your message could not be delivered.",
        "",
        f"--{_BOUNDARY}",
        "Content-Type: message/delivery-status",
        "",
        f"Reporting-MTA: dns; {_HOST}",
        f"Arrival-Date: {formatdate(mail.received_at)}",
        "",
        f"Final-Recipient: rfc822; {mail.recipient}",
        "Action: failed",
        f"Status: {STATUS}",
        f"Diagnostic-Code: smtp; 550 {STATUS} No such mailbox here",
        "",
        f"--{_BOUNDARY}",
        "Content-Type: text/rfc822-headers",
        "",
    ]
    return "\r\n".join(fields).encode() + b"\r\n" + head + f"\r\n\r\n--{_BOUNDARY}--\r\n".encode()
