from dataclasses import replace

import pytest

from services.notices.domain.model import Addressee
from services.notices.letters.address import MAX_LINES, address_lines, recipient_lines
from tests.notices.letters.samples import ABROAD, PLAIN, SIX_LINES


def test_a_person_is_addressed_with_the_salutation_on_the_line_of_the_name() -> None:
    lines = address_lines(PLAIN)

    assert lines == ("Frau Änne Kühne", "Bismarckstraße 33a", "39517 Tangerhütte")


def test_a_man_is_addressed_in_the_accusative() -> None:
    assert address_lines(ABROAD)[0] == "Herrn Łukasz O'Neill"


def test_a_letter_abroad_ends_with_the_country_in_capitals() -> None:
    assert address_lines(ABROAD)[-2:] == ("1010 Wien", "ÖSTERREICH")


def test_a_country_without_postcodes_leaves_no_blank_before_the_city() -> None:
    ireland = replace(ABROAD, postcode="", city="Dublin", country="IRLAND")

    assert address_lines(ireland)[-2:] == ("Dublin", "IRLAND")


def test_spouses_have_a_line_each() -> None:
    lines = address_lines(SIX_LINES)

    assert lines[:3] == ("Eheleute", "Friedrich-Wilhelm Freiherr von Tannenfeld", "Wilhelmine zu Lindenau-Altmark")
    assert len(lines) == MAX_LINES


def test_spouses_abroad_give_up_the_salutation_for_the_country() -> None:
    lines = address_lines(replace(SIX_LINES, city="Wien", country="ÖSTERREICH"))

    assert lines[0] == "Friedrich-Wilhelm Freiherr von Tannenfeld"
    assert len(lines) == MAX_LINES


def test_a_company_needs_no_word_that_its_name_says() -> None:
    company = Addressee("Firma", "Agrargenossenschaft Uetz eG", "", "", "Am Hof 1", "39517", "Tangerhütte", "")

    assert address_lines(company)[0] == "Agrargenossenschaft Uetz eG"


@pytest.mark.parametrize("words", [5, 12, 40])
def test_a_long_name_is_wrapped_and_never_cut(words: int) -> None:
    name = " ".join(f"Landschaftspflege{number}" for number in range(words))

    lines = address_lines(replace(PLAIN, salutation="", name1=name))

    assert " ".join(lines[:-2]) == name


@pytest.mark.parametrize(
    "addressee",
    [
        PLAIN,
        ABROAD,
        SIX_LINES,
        replace(SIX_LINES, city="Wien", country="ÖSTERREICH"),
        replace(PLAIN, city="Sankt Margarethen an der Raab in der Oststeiermark am Wechsel"),
        replace(ABROAD, postcode="", city="Llanfair Pwllgwyngyll Gogery Chwyrn Drobwll Llantysilio", country="WALES"),
    ],
)
def test_the_lines_of_the_recipient_are_those_above_postcode_city_and_country(addressee: Addressee) -> None:
    lines, above = address_lines(addressee), recipient_lines(addressee)

    below = " ".join(lines[len(above) :])
    assert lines[: len(above)] == above
    assert below == f"{addressee.postcode} {addressee.city} {addressee.country.upper()}".strip()


def test_stray_white_space_of_the_file_is_not_printed() -> None:
    untidy = replace(PLAIN, name1="  Änne\tKühne ", city="Tangerhütte  ")

    assert address_lines(untidy) == address_lines(PLAIN)
