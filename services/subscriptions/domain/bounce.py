"""Reports that a mail could not be delivered (RFC 3464), told from everything else that arrives there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from typing import Literal, cast

_VERP = re.compile(r"\bbounce\+([a-z2-7]+\.[a-z2-7]+)@", re.IGNORECASE)
_ARRIVED_AT = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_STATUS = re.compile(r"\s*([245])\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail says of an earlier one; `token` names that one (variable envelope return path)."""

    token: str | None
    verdict: Literal["permanent", "not_permanent", "no_report"]


def read_report(raw: bytes) -> Report:
    """Read a mail; the worst status of its recipients counts, since each of our mails has one."""
    mail = message_from_bytes(raw, policy=policy.compat32)
    classes = set(_classes(mail))
    if not classes:
        return Report(_token(mail), "no_report")
    return Report(_token(mail), "permanent" if "5" in classes else "not_permanent")


def _token(mail: Message) -> str | None:
    for name in _ARRIVED_AT:
        for value in mail.get_all(name, []):
            found = _VERP.search(str(value))
            if found is not None:
                return found[1].lower()
    return None


def _classes(mail: Message) -> Iterator[str]:
    """Yield the class of each recipient's status: 5 failed for good, 4 not now, 2 delivered."""
    if mail.get_content_type() != "multipart/report":
        return
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
            continue
        for fields in cast("list[Message]", part.get_payload()):
            yield from _class_of(fields)


def _class_of(fields: Message) -> Iterator[str]:
    status = _STATUS.match(str(fields.get("Status", "")))
    if status is None:
        return
    failed = str(fields.get("Action", "")).strip().lower() == "failed"
    yield status[1] if failed or status[1] != "5" else "4"
