"""The published file of defects: each is found in its row and column, and stops nobody else."""

from __future__ import annotations

from services.notices.domain.assessment import assess
from tests.notices.unit.levy_rows import demo_file, demo_statute, found, read, rows_told

DEFECTS = demo_file("umlage-2026-defects.csv")


def test_every_defect_is_found_where_it_is() -> None:
    levy = read(DEFECTS)

    assert found(levy) == [
        (7, "Flurstueckskennzeichen", "parcel_under_two_debtors"),
        (52, "PLZ", "missing"),
        (83, "Flurstueckskennzeichen", "parcel_key_shape"),
        (114, "Flaeche_m2", "area_not_whole"),
        (145, "Flaeche_m2", "area_not_whole"),
        (176, "Flaeche_ohne_GrStA_m2", "part_exceeds_area"),
        (207, "Unterhaltungsverband", "unknown_association"),
        (238, "Name1", "missing"),
        (269, "Anrede", "account_disagrees"),
        (300, "Strasse", "too_long"),
        (331, "PLZ", "postcode"),
        (362, "Flaeche_m2", "area_not_whole"),
        (393, "Name1", "formula"),
        (424, "Name1", "bidirectional_control"),
        (455, "Flaeche_m2", "area_too_large"),
        (458, "Kassenzeichen", "account_incomplete"),
        (486, "Kassenzeichen", "reference_check_digits"),
        (517, "Schuldner", "missing"),
        (548, "Rolle", "role"),
        (579, "Befreiung", "unknown_exemption"),
        (1518, "Flurstueckskennzeichen", "parcel_twice"),
        (1519, "Flurstueckskennzeichen", "parcel_under_two_debtors"),
    ]


def test_bad_rows_never_stop_good_debtors() -> None:
    levy = read(DEFECTS)

    bad = {error.row for error in levy.errors}
    assert len(levy.accounts) == 506
    assert all(bad.isdisjoint(parcel.row for parcel in account.parcels) for account in levy.accounts)


def test_every_row_and_every_debtor_is_accounted_for() -> None:
    levy = read(DEFECTS)

    assessments = [assess(account, demo_statute()) for account in levy.accounts]

    assert rows_told(levy) == list(range(2, 1520))
    assert levy.unattributed_rows == (486,)
    assert len(levy.held_back) == 21
    assert sum(not each.below_minimum for each in assessments) == 380
    assert sum(each.below_minimum for each in assessments) == 126


def test_a_debtor_with_one_bad_row_is_held_back_whole() -> None:
    levy = read(DEFECTS)

    held = {each.reference: each for each in levy.held_back}
    readable = held["5520.310070.39"].readable
    assert len(held["5520.310070.39"].rows) == 28
    assert readable is not None
    assert len(readable.parcels) == 27


def test_an_account_whose_row_lost_its_reference_is_not_assessed_without_it() -> None:
    levy = read(DEFECTS)

    assert "5520.310140.66" in {each.reference for each in levy.held_back}


def test_every_message_says_what_to_do() -> None:
    levy = read(DEFECTS)

    assert all("Bitte" in error.message and error.message.endswith(".") for error in levy.errors)
    assert all(error.message.isprintable() for error in levy.errors)
