"""The check must find every planted defect: in a doctored letter, or in one held against another record."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from weasyprint import HTML

from services.notices.domain.model import Addressee, Assessment, Statute
from services.notices.letters import epc
from services.notices.letters.preflight import check
from services.notices.letters.render import BASE_URL, PDF_VARIANT
from services.notices.letters.statute_check import check_statute
from tests.notices.letters.samples import (
    ABROAD,
    AUTHORITY,
    PLAIN,
    PROFILE,
    STATUTE,
    account,
    assessed,
    letter,
    parcel,
    renderer,
)

RECORD = assessed(account())


def sound() -> bytes:
    return letter("one parcel")[0]


def doctored(old: str, new: str, statute: Statute = STATUTE) -> bytes:
    """The sound letter with one piece of its HTML replaced."""
    html = renderer(statute).html(RECORD)
    assert old in html
    html = html.replace(old, new).replace("</head>", f"<style>{renderer(statute).style}</style></head>")
    finish = renderer(statute).finish
    return HTML(string=html, base_url=BASE_URL).write_pdf(pdf_variant=PDF_VARIANT, finisher=finish)


def codes(pdf: bytes, record: Assessment = RECORD, statute: Statute = STATUTE) -> set[str]:
    return {finding.code for finding in check(pdf, record, statute, PROFILE).findings}


def with_addressee(addressee: Addressee) -> Assessment:
    return assessed(account(addressee=addressee))


def test_the_way_defects_are_planted_makes_a_sound_letter_otherwise() -> None:
    assert codes(doctored("</main>", "</main>")) == set()


def test_a_record_with_another_total_is_found_in_text_and_code() -> None:
    other = replace(RECORD, total=RECORD.total + Decimal("0.01"))

    assert codes(sound(), other) == {"amount_differs", "sum_differs", "code_differs"}


def test_a_wrong_amount_in_the_first_paragraph_is_found() -> None:
    pdf = doctored("Bitte zahlen Sie 105,71", "Bitte zahlen Sie 105,17")

    assert "amount_differs" in codes(pdf)


def test_a_wrong_sum_of_an_association_is_found() -> None:
    pdf = doctored('<td class="r">105,71</td>', '<td class="r">105,72</td>')

    assert codes(pdf) == {"association_differs", "sum_differs", "calculation_missing"}


@pytest.mark.parametrize("key", ["reasons", "deferral", "objection", "no_suspension", "privacy"])
def test_a_missing_block_is_found(key: str) -> None:
    pdf = doctored(f'id="{key}"', f'id="{key}" style="display: none"')

    assert codes(pdf) == {"block_missing"}


@pytest.mark.parametrize("key", ["summary", "debtors", "automatic"])
def test_a_missing_part_of_the_first_page_is_found(key: str) -> None:
    pdf = doctored(f'id="{key}"', f'id="{key}" style="display: none"')

    assert "block_missing" in codes(pdf)


def test_a_missing_payment_block_is_found() -> None:
    pdf = doctored('id="payment"', 'id="payment" style="display: none"')

    assert {"block_missing", "amount_differs", "code_unreadable"} <= codes(pdf)


def test_the_wrong_account_is_found() -> None:
    pdf = doctored("DE02\u00a01203", "DE02\u00a01204")

    assert codes(pdf) == {"block_missing"}


def test_a_missing_debtor_is_found() -> None:
    other = assessed(account(debtors=("Änne Kühne", "Đorđe Nowak")))

    assert {"debtor_missing", "block_missing"} <= codes(sound(), other)


def test_a_missing_parcel_is_found() -> None:
    twice = replace(RECORD, account=account(parcel(), parcel()))

    assert codes(sound(), twice) == {"parcel_missing"}


def test_a_parcel_with_another_area_is_found() -> None:
    other = replace(RECORD, account=account(parcel(area=64_768)))

    assert codes(sound(), other) == {"parcel_missing"}


def test_another_payment_reference_is_found() -> None:
    other = replace(RECORD, account=replace(RECORD.account, reference="5520.260002.55"))

    assert codes(sound(), other) == {"block_missing", "code_differs"}


def test_a_code_that_pays_somebody_else_is_found() -> None:
    good = epc.picture(epc.payload(RECORD, AUTHORITY))
    bad = epc.picture(epc.payload(RECORD, replace(AUTHORITY, iban="DE89370400440532013000")))

    assert codes(doctored(good, bad)) == {"code_differs"}


def test_a_code_that_cannot_be_read_is_found() -> None:
    pdf = doctored('<p class="qr">', '<p class="qr" style="transform: scale(0.2)">')

    assert codes(pdf) == {"code_unreadable"}


@pytest.mark.parametrize(
    ("top", "left", "zone"),
    [(42, 5, "DVF-Frankierzone"), (38, 5, "Lücke unter der Absenderzeile"), (55.3, 5, "Lücke über der Anschrift"),
     (34, -4.5, "Streifen links der Anschrift"), (100, -20, "Rand links"), (20, -24.5, "Rand links oben"),
     (150, 183.5, "Rand rechts"), (-12.5, 50, "Rand oben"), (282.5, 50, "Rand unten")],
)  # fmt: skip
def test_a_mark_in_a_forbidden_zone_is_found(top: float, left: float, zone: str) -> None:
    mark = f'<hr style="position: absolute; left: {left}mm; top: {top}mm; width: 1mm; margin: 0; border: .25pt solid">'

    findings = check(doctored("<main", f"{mark}<main"), RECORD, STATUTE, PROFILE).findings

    assert [(finding.code, finding.page) for finding in findings] == [("ink_in_zone", 1)]
    assert zone in findings[0].message


def test_a_mark_at_the_edge_of_a_later_page_is_found() -> None:
    pdf = doctored('id="privacy"', 'id="privacy" style="margin-left: -20mm"')

    assert {finding.page for finding in check(pdf, RECORD, STATUTE, PROFILE).findings} == {2}


def test_the_address_of_somebody_else_is_found() -> None:
    assert "address_differs" in codes(sound(), with_addressee(ABROAD))


def test_an_address_with_too_many_lines_is_found() -> None:
    record = with_addressee(replace(ABROAD, name1=" ".join(["Grundbesitzverwaltung"] * 8)))

    assert "address_too_long" in codes(renderer().render(record), record)


def test_an_address_line_wider_than_the_window_is_found() -> None:
    record = with_addressee(replace(PLAIN, name1="W" * 44))

    assert "address_too_wide" in codes(renderer().render(record), record)


def test_a_character_no_font_of_the_letter_has_is_found() -> None:
    record = with_addressee(replace(PLAIN, name1="Änne 李"))

    findings = check(renderer().render(record), record, STATUTE, PROFILE).findings

    assert "U+674E" in next(each.message for each in findings if each.code == "glyph_missing")


def test_a_font_that_is_not_embedded_is_found() -> None:
    stripped = BytesIO()
    with pikepdf.open(BytesIO(sound())) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary) and "/FontFile2" in item:
                del item["/FontFile2"]
        document.save(stripped)

    assert "font_not_embedded" in codes(stripped.getvalue())


def test_what_is_no_pdf_is_found() -> None:
    checked = check(b"Guten Tag", RECORD, STATUTE, PROFILE)

    assert [finding.code for finding in checked.findings] == ["unreadable"]


@pytest.mark.parametrize(
    ("limits", "code"),
    [({"pages": 1}, "too_many_pages"), ({"letter_bytes": 1000}, "too_large"), ({"page_width_pt": 595.28}, "page_size")],
)
def test_the_limits_of_the_provider_are_checked(limits: dict[str, float], code: str) -> None:
    strict = PROFILE.model_copy(update={"limits": PROFILE.limits.model_copy(update=limits)})

    assert code in {finding.code for finding in check(sound(), RECORD, STATUTE, strict).findings}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"iban": "DE02120300000000202052"}, "iban_invalid"),
        ({"iban": ""}, "iban_invalid"),
        ({"bic": "BYLADEM"}, "bic_invalid"),
        ({"bic": "COBADEFFXXX"}, "bic_differs"),
        ({"name": "Verbandsgemeinde " * 5}, "payee_too_long"),
        ({"street": "Straße der Deutsch-Sowjetischen Freundschaft zwischen den Völkern 115a"}, "sender_too_wide"),
    ],
)
def test_what_all_letters_share_is_checked_once(change: dict[str, str], code: str) -> None:
    statute = replace(STATUTE, authority=replace(AUTHORITY, **change))

    assert code in {finding.code for finding in check_statute(statute, PROFILE)}


def test_the_demo_authority_is_sound() -> None:
    assert check_statute(STATUTE, PROFILE) == ()
