"""The check of what all letters of a run share, before the first one is drawn."""

from __future__ import annotations

from collections.abc import Iterator

from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException

from contracts.output_profile import OutputProfile
from services.notices.domain.model import Finding, Statute
from services.notices.letters import epc, fonts, view


def check_statute(statute: Statute, profile: OutputProfile) -> tuple[Finding, ...]:
    """Check once per run what all letters share: bank account, limits of the payment code, sender line."""
    return (*_bank(statute), *_limits(statute, profile))


def _bank(statute: Statute) -> Iterator[Finding]:
    authority = statute.authority
    try:
        iban = IBAN(authority.iban)
    except SchwiftyException:
        yield Finding("iban_invalid", f"Die IBAN {authority.iban} ist ungültig. Bitte in der Satzung berichtigen.")
        return
    try:
        bic = BIC(authority.bic)
    except SchwiftyException:
        yield Finding("bic_invalid", f"Der BIC {authority.bic} ist ungültig. Bitte in der Satzung berichtigen.")
        return
    if iban.country_code != bic.country_code or (iban.bic is not None and iban.bic[:4] != bic[:4]):
        yield Finding("bic_differs", f"Der BIC {authority.bic} gehört nicht zur Bank der IBAN. Bitte beide prüfen.")


def _limits(statute: Statute, profile: OutputProfile) -> Iterator[Finding]:
    authority = statute.authority
    if len(authority.name) > epc.NAME_CHARS:
        yield Finding(
            "payee_too_long",
            f"Der Name der Behörde hat mehr als {epc.NAME_CHARS} Zeichen und passt nicht in den QR-Code.",
        )
    line = view.sender_line(authority, profile.zones)
    if fonts.width_mm(line, profile.zones.sender_size_pt) > profile.zones.sender.right - view.LEFT - view.INSET:
        yield Finding("sender_too_wide", "Die Absenderzeile passt nicht in eine Zeile. Bitte die Anschrift kürzen.")
    if not statute.rates:
        yield Finding("rates_missing", "Die Satzung nennt keinen Umlagesatz.")
