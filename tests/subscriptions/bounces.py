"""Reports of mail hosts about mails that they could not deliver."""

from __future__ import annotations


def report(token: str | None, *, status: str = "5.1.1", action: str | None = None, said: str = "") -> bytes:
    """A report (RFC 3464) as Postfix writes it."""
    to = "meldungen@tangerhuette.example" if token is None else f"bounce+{token}@tangerhuette.example"
    acted = action or {"5": "failed", "4": "delayed", "2": "delivered"}[status[0]]
    return f"""\
Return-Path: <>
Date: Sat, 4 Jul 2026 14:00:00 +0200
From: MAILER-DAEMON@mx.example.com (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B/mx.example.com"

--B/mx.example.com
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B/mx.example.com
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
Arrival-Date: Sat, 4 Jul 2026 13:59:58 +0200

Final-Recipient: rfc822; eva.muster@example.com
Action: {acted}
Status: {status}
Diagnostic-Code: smtp; {said or f"550 {status} no"}

--B/mx.example.com
Content-Description: Undelivered Message
Content-Type: message/rfc822

Subject: Freibad geschlossen
To: eva.muster@example.com

Das Freibad ist geschlossen.
--B/mx.example.com--
""".encode()
