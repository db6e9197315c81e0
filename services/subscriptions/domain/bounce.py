"""Reports that a mail could not be delivered (RFC 3464), told from everything else that arrives there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from typing import Literal, cast

from services.subscriptions.domain.outcomes import channel_is_lost

_VERP = re.compile(r"\bbounce\+([a-z2-7]+\.[a-z2-7]+)@", re.IGNORECASE)
_ARRIVED_AT = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_NO_SUCH_ADDRESS = re.compile(r"5\.1\.|5\.2\.1$|5\.4\.4$")
"""RFC 3463: a wrong address, a mailbox that takes nothing any more, a host that there is not."""
_UNSAID = "5.0.0"


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail says of an earlier one; `token` names that one (variable envelope return path)."""

    token: str | None
    verdict: Literal["permanent", "not_permanent", "no_report"]


def read_report(raw: bytes) -> Report:
    """Read a mail; the worst of its recipients counts, since each of our mails has one.

    A full mailbox, a policy, a filter say nothing of the address: one host that blocks us must not cost us its people.
    """
    mail = message_from_bytes(raw, policy=policy.compat32)
    lost = list(_lost(mail))
    if not lost:
        return Report(_token(mail), "no_report")
    return Report(_token(mail), "permanent" if any(lost) else "not_permanent")


def _token(mail: Message) -> str | None:
    for name in _ARRIVED_AT:
        for value in mail.get_all(name, []):
            found = _VERP.search(str(value))
            if found is not None:
                return found[1].lower()
    return None


def _lost(mail: Message) -> Iterator[bool]:
    """Say for each recipient whether the address is lost."""
    if mail.get_content_type() != "multipart/report":
        return
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
            continue
        for fields in cast("list[Message]", part.get_payload()):
            yield from _is_lost(fields)


def _is_lost(fields: Message) -> Iterator[bool]:
    status = _STATUS.match(str(fields.get("Status", "")))
    if status is None:
        return
    failed = str(fields.get("Action", "")).strip().lower() == "failed"
    if failed and status[1] == _UNSAID:
        said = str(fields.get("Diagnostic-Code", "")).partition(";")[2].strip()
        yield channel_is_lost("email", said)
    else:
        yield failed and _NO_SUCH_ADDRESS.match(status[1]) is not None
