"""The levy statute: what a clerk may get wrong is named by its path."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notices.domain.model import DueRule
from services.notices.domain.statute import StatuteError, parse_statute
from tests.notices.unit.levy_rows import demo_file

GOOD = demo_file("satzung-2026.toml").decode()


def test_the_demo_statute_is_read() -> None:
    statute = parse_statute(GOOD.encode())

    assert (statute.year, statute.minimum, statute.round_down_to_euro) == (2026, Decimal("10.00"), False)
    assert statute.due == DueRule(months_after_announcement=1)
    assert statute.rate_of("Uchte").area == Decimal("10.42")
    assert statute.notice_date == date(2026, 11, 30)
    assert statute.authority.iban == "DE02120300000000202051"


def test_a_fixed_due_date_is_read() -> None:
    statute = parse_statute(GOOD.replace("{ months_after_announcement = 1 }", "{ date = 2027-02-15 }", 1).encode())

    assert statute.due == DueRule(fixed_date=date(2027, 2, 15))


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("year = 2026", "", "levy.year"),
        ("year = 2026", 'year = "2026"', "levy.year"),
        ("year = 2026", "year = true", "levy.year"),
        ("year = 2026", "year = 2026\nyaer = 2026", "levy.yaer"),
        ('minimum = "10.00"', "minimum = 10.00", "levy.minimum"),
        ('minimum = "10.00"', 'minimum = "10,00"', "levy.minimum"),
        ('minimum = "10.00"', 'minimum = "-1.00"', "levy.minimum"),
        ('minimum = "10.00"', 'minimum = "NaN"', "levy.minimum"),
        ("round_down_to_euro = false", 'round_down_to_euro = "nein"', "levy.round_down_to_euro"),
        ("notice_date = 2026-11-30", 'notice_date = "30.11.2026"', "levy.notice_date"),
        ("notice_date = 2026-11-30", "notice_date = 2026-11-30T10:00:00", "levy.notice_date"),
        ("notice_date = 2026-11-30", "notice_date = 2025-11-30", "levy.notice_date"),
        ("notice_date = 2026-11-30", "notice_date = 2062-11-30", "levy.notice_date"),
        ("assessment_deadline = 2030-12-31", "assessment_deadline = 2026-10-31", "levy.assessment_deadline"),
        ("statute_date = 2025-12-10", "statute_date = 1925-12-10", "levy.statute_date"),
        ("{ months_after_announcement = 1 }", "{ }", "levy.due"),
        ("{ months_after_announcement = 1 }", "{ months_after_announcement = 1, date = 2027-02-15 }", "levy.due"),
        ("{ months_after_announcement = 1 }", "{ months_after_announcement = 0 }", "levy.due"),
        ("{ months_after_announcement = 1 }", "{ date = 2026-01-15 }", "levy.due"),
        ('legal_basis = ["§ 56 WG LSA",', "legal_basis = [56,", "levy.legal_basis"),
        ('area = "9.87"', 'area = "9.8"', "levy.rate[1].area"),
        ('area = "9.87"', 'area = "9.1234567"', "levy.rate[1].area"),
        ('area = "9.87"', 'area = "0.50"', "levy.rate[1].area_administration_share"),
        ('area = "9.87"', 'area = "98700.00"', "levy.rate[1].area"),
        ('association = "Uchte"', 'association = "tanger"', "levy.rate"),
        ('association = "Uchte"', 'association = "=Uchte"', "levy.rate[2].association"),
        ('association = "Uchte"', 'association = "Uch\\u202ete"', "levy.rate[2].association"),
        ('name = "Einheitsgemeinde Stadt Tangerhütte"', 'name = " "', "authority.name"),
        ('postcode = "39517"', 'postcode = "3951"', "authority.postcode"),
        ('state = "ST"', 'state = "XX"', "authority.state"),
        ('email = "abgaben@stadt.example"', 'email = "abgaben"', "authority.email"),
        ('iban = "DE02120300000000202051"', 'iban = "12345"', "authority.iban"),
        ('bic = "BYLADEM1001"', 'bic = "BYLADEM"', "authority.bic"),
        ("20-815/{year}/{debtor}", "20-815/{jahr}", "authority.file_reference"),
        ("20-815/{year}/{debtor}", "20-815/{debtor.__class__}", "authority.file_reference"),
        ("20-815/{year}/{debtor}", "20-815/{year", "authority.file_reference"),
        ('hours = "Di', 'hours = "' + "x" * 200 + "Di", "authority.hours"),
    ],
)
def test_a_fault_is_named_by_its_path(old: str, new: str, path: str) -> None:
    assert old in GOOD

    with pytest.raises(StatuteError) as refusal:
        parse_statute(GOOD.replace(old, new, 1).encode())

    assert any(sentence.startswith(f"{path}") for sentence in refusal.value.sentences)
    assert all(sentence.isprintable() for sentence in refusal.value.sentences)


def test_a_statute_without_rates_is_refused() -> None:
    head, rest = GOOD.split("[[levy.rate]]", 1)

    with pytest.raises(StatuteError, match=r"levy\.rate"):
        parse_statute((head + "[authority]" + rest.split("[authority]", 1)[1]).encode())


def test_all_faults_are_told_at_once() -> None:
    text = GOOD.replace('"10.00"', "10.0", 1).replace('"39517"', '"x"', 1)

    with pytest.raises(StatuteError) as refusal:
        parse_statute(text.encode())

    assert len(refusal.value.sentences) == 2


@pytest.mark.parametrize(
    "data", [b"", b"levy = 1\nauthority = 2", b"\xff\xfe", b"a = [" * 5000, b"[levy", b"x" * 300_000, b"a = 9" * 2]
)
def test_what_is_no_statute_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(StatuteError) as refusal:
        parse_statute(data)

    assert refusal.value.sentences


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 30), st.text(max_size=5))
def test_a_mutilated_statute_is_read_or_refused(at: int, cut: int, inserted: str) -> None:
    data = (GOOD[:at] + inserted + GOOD[at + cut :]).encode(errors="replace")

    with suppress(StatuteError):
        assert parse_statute(data).rates
