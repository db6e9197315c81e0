"""The claim check: what the mail gateway may fetch of released notices, up to 50 letters at once."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog

from chassis.database import Database
from chassis.documents import Documents
from contracts.output_profile import OutputProfile
from services.notices.domain.model import Statute
from services.notices.letters.address import recipient_lines
from services.notices.letters.view import sender_line
from services.notices.records import ASSESSMENT, STATUTE
from services.notices.storage import runs
from services.notices.storage.tables import NoticeRow

log = structlog.stdlib.get_logger()


class DocumentDamagedError(Exception):
    """A stored document is not the one that was approved."""


async def letters(
    letter_ids: Sequence[UUID], *, database: Database, documents: Documents, profile: OutputProfile
) -> list[dict[str, Any]]:
    """Return address and document of each released letter; one that is not released is left out.

    So is one whose document is gone or differs from the hash that was approved: it must not hold up the others.
    """
    async with database.reading() as session:
        notices = await runs.by_letters(session, letter_ids)
        statutes: dict[UUID, Statute] = {}
        for notice in notices:
            if notice.run_id not in statutes:
                statutes[notice.run_id] = STATUTE.validate_json(await runs.statute(session, notice.run_id))
    found: list[dict[str, Any]] = []
    for notice in notices:
        try:
            pdf = await document(notice, documents)
        except (DocumentDamagedError, FileNotFoundError) as error:
            reason = type(error).__name__
            log.error("letter.not_handed_out", letter_id=str(notice.letter_id), reason=reason)  # noqa: TRY400 - says all
            continue
        authority = statutes[notice.run_id].authority
        addressee = ASSESSMENT.validate_json(notice.assessment).account.addressee
        found.append(
            {
                "letter_id": str(notice.letter_id),
                "recipient_lines": recipient_lines(addressee),
                "postcode": addressee.postcode,
                "city": addressee.city,
                "country": addressee.country,
                "sender_line": sender_line(authority, profile.zones),
                "sha256": notice.sha256,
                "pdf": base64.b64encode(pdf).decode(),
            }
        )
    return found


async def document(notice: NoticeRow, documents: Documents) -> bytes:
    """Return the document of a notice, proven to be the one that was approved."""
    if notice.document is None:
        raise FileNotFoundError
    pdf = await documents.get(notice.document)
    if hashlib.sha256(pdf).hexdigest() != notice.sha256:
        raise DocumentDamagedError(str(notice.notice_id))
    return pdf
