"""Rows nobody hopes to see: each is refused in words, alone."""

from __future__ import annotations

import pytest

from services.notices.domain.file_rules import MAX_PARCELS
from tests.notices.unit.levy_rows import a_file, a_row, found, read, reference, rows_told


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("Anrede", "Dr.", "salutation"),
        ("Name1", "-", "formula"),
        ("Name1", "@SUM(A1)", "formula"),
        ("Name1", "＝1+1", "formula"),
        ("Name2", "+49", "formula"),
        ("Name1", "Änne\x07Kühne", "control_character"),
        ("Name1", "Änne\tKühne", "control_character"),
        ("Name1", "\x85Änne", "control_character"),
        ("Name1", "Änne\u2028Kühne", "control_character"),
        ("Name1", "Änne\u200bKühne", "invisible_character"),
        ("Name1", "Än\u00adne", "invisible_character"),
        ("Name1", "Änne\u2066", "bidirectional_control"),
        ("Name1", "Änne\ue000", "unassigned_character"),
        ("Name1", "Änne\u0378", "unassigned_character"),
        ("Name1", "K\ufffdhne", "wrong_encoding"),
        ("Ort", "TangerhÃ¼tte", "wrong_encoding"),
        ("Strasse", "BismarckstraÃŸe", "wrong_encoding"),
        ("Name1", "A\u0316\u0317\u0318\u0319\u031a", "stacked_marks"),
        ("Name1", "…", "missing"),
        ("Name2", "N" * 81, "too_long"),
        ("Ort", "O" * 78, "too_long"),
        ("Strasse", "", "missing"),
        ("Ort", " ", "missing"),
        ("PLZ", "01000", "postcode"),
        ("PLZ", "99999", "postcode"),
        ("PLZ", "1067", "postcode"),
        ("PLZ", "３９５１７", "postcode"),
        ("Land", "DEUTSCHLAND", "home_country"),
        ("Land", "Deutschland", "home_country"),
        ("Land", "Schweiz", "country"),
        ("Land", "PHANTASIEN", "country"),
        ("Rolle", "Nutzer", "user_needs_reason"),
        ("Rolle", "", "role"),
        ("Schuldner", "Änne Kühne | ", "empty_debtor"),
        ("Schuldner", "Änne Kühne | =1+1", "formula"),
        ("Schuldner", "Änne Kühne | " + "N" * 81, "too_long"),
        ("Schuldner", " | ".join(["Änne Kühne"] * 101), "too_long"),
        ("Flurstueckskennzeichen", "142417006000010____", "parcel_key_shape"),
        ("Flurstueckskennzeichen", "14241700600001______", "parcel_key_shape"),
        ("Flurstueckskennzeichen", "152417006000010000__", "parcel_key_shape"),
        ("Flurstueckskennzeichen", "15241700600001____00", "parcel_key_shape"),
        ("Flur", "7", "parcel_key_disagrees"),
        ("Flurstueck", "1/2", "parcel_key_disagrees"),
        ("Flurstueck", "²", "parcel_key_disagrees"),
        ("Gemarkung", "", "missing"),
        ("Flaeche_m2", "0", "area_not_positive"),
        ("Flaeche_m2", "", "missing"),
        ("Flaeche_m2", "1e3", "area_not_whole"),
        ("Flaeche_m2", "NaN", "area_not_whole"),
        ("Flaeche_m2", "٣", "area_not_whole"),
        ("Flaeche_m2", "9" * 5000, "area_not_whole"),
        ("Flaeche_m2", "294920001", "area_too_large"),
        ("Flaeche_ohne_GrStA_m2", "-1", "area_not_whole"),
        ("Flaeche_ohne_GrStA_m2", "20001", "part_exceeds_area"),
        ("Unterhaltungsverband", "", "unknown_association"),
        ("Unterhaltungsverband", "tanger", "unknown_association"),
        ("Befreiung", "gemeinde", "unknown_exemption"),
    ],
)
def test_a_bad_value_holds_back_its_debtor_alone(column: str, value: str, code: str) -> None:
    levy = read(a_file(a_row(1, 1, **{column: value}), a_row(2, 2)))

    assert found(levy) == [(2, column, code)]
    assert [account.reference for account in levy.accounts] == [reference(2)]
    assert [held.reference for held in levy.held_back] == [reference(1)]
    assert "Bitte" in levy.errors[0].message
    assert levy.errors[0].message.isprintable()
    assert len(levy.errors[0].message) < 400


@pytest.mark.parametrize("value", ["", "5520.1.2", "5520.000001.95", "5520.00000１.96", "1234.000001.96", "=1+1"])
def test_a_row_without_a_readable_reference_belongs_to_nobody(value: str) -> None:
    levy = read(a_file(a_row(3, 1, Kassenzeichen=value, Name1="Jemand", Schuldner="Jemand"), a_row(2, 2)))

    assert levy.unattributed_rows == (2,)
    assert [account.reference for account in levy.accounts] == [reference(2)]


@pytest.mark.parametrize("value", ["5520.000001.00", "", "5520-1"])
def test_an_account_is_not_assessed_while_a_row_that_seems_its_own_is_unreadable(value: str) -> None:
    levy = read(a_file(a_row(1, 1), a_row(1, 2, Kassenzeichen=value), a_row(2, 3, Name1="Zoë Prütz")))

    assert levy.unattributed_rows == (3,)
    assert [held.reference for held in levy.held_back] == [reference(1)]
    assert (2, "Kassenzeichen", "account_incomplete") in found(levy)
    assert [account.reference for account in levy.accounts] == [reference(2)]


def test_a_parcel_under_two_debtors_holds_both_back_and_names_rows_only() -> None:
    levy = read(a_file(a_row(1, 7), a_row(2, 7, Name1="Zoë Prütz"), a_row(3, 8)))

    assert found(levy) == [(row, "Flurstueckskennzeichen", "parcel_under_two_debtors") for row in (2, 3)]
    assert "Zeile 3" in levy.errors[0].message
    assert "Zeile 2" in levy.errors[1].message
    assert "Prütz" not in levy.errors[0].message
    assert [account.reference for account in levy.accounts] == [reference(3)]


def test_a_mistyped_parcel_key_does_not_hold_back_the_owner_of_that_parcel() -> None:
    levy = read(a_file(a_row(1, 7), a_row(2, 8, Flurstueckskennzeichen="15241700600007______"), a_row(3, 9)))

    assert found(levy) == [(3, "Flurstueck", "parcel_key_disagrees")]
    assert [account.reference for account in levy.accounts] == [reference(1), reference(3)]


def test_one_mistyped_district_does_not_hold_back_the_district() -> None:
    levy = read(a_file(a_row(1, 1), a_row(2, 2), a_row(3, 3, Gemarkung="Utz")))

    assert found(levy) == [(4, "Gemarkung", "district_disagrees")]
    assert len(levy.accounts) == 2


def test_two_districts_of_one_number_with_nobody_to_decide_are_both_held_back() -> None:
    levy = read(a_file(a_row(1, 1), a_row(2, 2, Gemarkung="Utz")))

    assert [code for _, _, code in found(levy)] == ["district_disagrees", "district_disagrees"]


def test_a_differing_address_names_every_differing_column() -> None:
    levy = read(a_file(a_row(1, 1), a_row(1, 2, Strasse="Dorfstraße 1", PLZ="39576", Ort="Stendal")))

    assert found(levy) == [(3, "Strasse", "account_disagrees")]
    assert "Strasse, PLZ, Ort" in levy.errors[0].message
    assert "Zeile 2" in levy.errors[0].message


def test_blanks_and_decomposed_letters_are_put_right_silently() -> None:
    levy = read(a_file(a_row(1, 1), a_row(1, 2, Name1="  A\u0308nne \u00a0 Ku\u0308hne ", Schuldner="Änne  Kühne")))

    assert levy.errors == ()
    assert len(levy.accounts[0].parcels) == 2


def test_two_debtors_may_have_the_same_name() -> None:
    levy = read(a_file(a_row(1, 1, Schuldner="Günther Tönnies | Günther Tönnies")))

    assert levy.accounts[0].debtors == ("Günther Tönnies", "Günther Tönnies")


def test_an_address_abroad_needs_no_postcode() -> None:
    levy = read(
        a_file(a_row(1, 1, PLZ="", Land="IRLAND", Ort="Dublin"), a_row(2, 2, PLZ="1012 AB", Land="NIEDERLANDE"))
    )

    assert levy.errors == ()


def test_an_account_with_too_many_parcels_is_held_back_with_the_reason() -> None:
    levy = read(a_file(*(a_row(1, parcel) for parcel in range(1, MAX_PARCELS + 2)), a_row(2, 9999)))

    assert found(levy) == [(2, "Kassenzeichen", "too_many_parcels")]
    assert [account.reference for account in levy.accounts] == [reference(2)]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (a_row(1, 1) + ";mehr", "column_count"),
        (a_row(1, 1).rsplit(";", 3)[0], "column_count"),
        (a_row(1, 1, Name1='"Änne Kühne'), "unbalanced_quote"),
        (a_row(1, 1, Name1='"Änne" Kühne'), "unbalanced_quote"),
        (a_row(1, 1, Name1="N" * 9000), "row_too_long"),
    ],
)
def test_a_row_that_cannot_be_split_costs_its_own_debtor_only(row: str, code: str) -> None:
    levy = read(a_file(row, a_row(2, 2), a_row(3, 3)))

    assert found(levy) == [(2, "", code)]
    assert [held.reference for held in levy.held_back] == [reference(1)]
    assert levy.held_back[0].readable is None
    assert len(levy.accounts) == 2


def test_a_line_break_inside_quotes_swallows_no_row() -> None:
    levy = read(a_file(a_row(1, 1, Name1='"Änne\nKühne"'), a_row(2, 2)))

    assert [error.code for error in levy.errors] == ["unbalanced_quote", "column_count"]
    assert rows_told(levy) == [2, 3, 4]
    assert [account.reference for account in levy.accounts] == [reference(2)]


def test_rows_of_semicolons_are_errors_and_blank_lines_are_no_rows() -> None:
    levy = read(a_file(a_row(1, 1), ";" * 18, "", a_row(2, 2), "", "  "))

    assert found(levy) == [(3, "", "empty_row")]
    assert levy.rows == 3
    assert [account.parcels[0].row for account in levy.accounts] == [2, 5]


def test_a_row_of_garbage_lists_its_first_errors_and_counts_the_rest() -> None:
    garbage = ";".join(f"\u202e{number}" for number in range(19))

    levy = read(a_file(garbage, a_row(2, 2)))

    assert [error.code for error in levy.errors] == ["bidirectional_control"] * 6 + ["more_problems"]
    assert "13 weitere" in levy.errors[-1].message
    assert levy.unattributed_rows == (2,)
    assert len(levy.accounts) == 1
