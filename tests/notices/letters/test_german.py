from datetime import date
from decimal import Decimal

import pytest

from services.notices.letters import german


@pytest.mark.parametrize(
    ("value", "printed"),
    [("0.00", "0,00 €"), ("78.16", "78,16 €"), ("1938.4", "1.938,40 €"), ("99999999.99", "99.999.999,99 €")],
)
def test_money_has_two_places_and_a_dot_between_thousands(value: str, printed: str) -> None:
    assert german.euro(Decimal(value)).replace(german.NBSP, " ") == printed


def test_what_rounding_takes_off_has_a_real_minus_sign() -> None:
    assert german.amount(Decimal("-0.54")) == "−0,54"


@pytest.mark.parametrize(("area", "printed"), [(1, "0,0001"), (64_769, "6,4769"), (294_920_000, "29.492,0000")])
def test_hectares_show_every_square_metre(area: int, printed: str) -> None:
    assert german.hectares(area) == printed


@pytest.mark.parametrize(("rate", "printed"), [("9.87", "9,87"), ("6.8770", "6,8770"), ("11", "11")])
def test_a_rate_keeps_the_places_of_the_statute(rate: str, printed: str) -> None:
    assert german.number(Decimal(rate)) == printed


def test_a_date_is_written_out() -> None:
    assert german.long_date(date(2027, 3, 1)).replace(german.NBSP, " ") == "1. März 2027"


@pytest.mark.parametrize(
    ("count", "words"), [(1, "eines Monats"), (2, "von zwei Monaten"), (7, "von 7 Monaten"), (12, "von 12 Monaten")]
)
def test_a_period_of_months_is_declined(count: int, words: str) -> None:
    assert german.months(count) == words


def test_a_citation_stays_on_one_line() -> None:
    assert german.bound("§ 80 Abs. 2 VwGO") == "§\u00a080 Abs.\u00a02 VwGO"


@pytest.mark.parametrize(("names", "text"), [(("A",), "A"), (("A", "B"), "A und B"), (("A", "B", "C"), "A, B und C")])
def test_names_are_enumerated(names: tuple[str, ...], text: str) -> None:
    assert german.enumeration(names) == text
