"""The levy of one account, against published examples and an independent recomputation."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import pytest

from services.notices.domain.assessment import assess
from services.notices.domain.levy_file import read_levy_file
from services.notices.domain.model import Addressee, DebtorAccount, Exemption, Parcel, Rate, Statute
from tests.notices.unit.levy_rows import demo_file, demo_statute

SOMEONE = Addressee("Frau", "Zoë Prütz", "", "", "Dorfstraße 1", "39517", "Tangerhütte", "")


def a_statute(*rates: Rate, minimum: str = "10.00", round_down: bool = False) -> Statute:
    return dataclasses.replace(demo_statute(), rates=rates, minimum=Decimal(minimum), round_down_to_euro=round_down)


def a_rate(area: str, impediment: str = "0.00", shares: tuple[str, str] = ("0.00", "0.00"), name: str = "U") -> Rate:
    return Rate(name, Decimal(area), Decimal(shares[0]), Decimal(impediment), Decimal(shares[1]))


def an_account(
    *parcels: tuple[int, int], association: str = "U", exemption: Exemption = Exemption.NONE
) -> DebtorAccount:
    return DebtorAccount(
        reference="5520.260001.56",
        addressee=SOMEONE,
        role="Eigentümer",
        debtors=("Zoë Prütz",),
        parcels=tuple(
            Parcel(row, f"15{row:018d}", "Uetz", "1", str(row), area, part, association, exemption)
            for row, (area, part) in enumerate(parcels, 2)
        ),
    )


@pytest.mark.parametrize(
    ("area_rate", "impediment_rate", "area", "impediment_area", "published"),
    [
        ("11.18", "7.38", 10_000, 10_000, "18.56"),  # Finne 2022, Untere Unstrut
        ("11.92", "0.00", 10_000, 10_000, "11.92"),  # Finne 2022, Mittlere Saale-Weiße Elster
        ("6.8770", "0.00", 56_000, 0, "38.51"),  # Zerbst 2010, the area part
        ("14892.00", "0.00", 3, 0, "4.47"),  # Zerbst 2010, 3 inhabitants at 1.4892, written as 3 m²
    ],
)
def test_published_examples_are_met_to_the_cent(
    area_rate: str, impediment_rate: str, area: int, impediment_area: int, published: str
) -> None:
    statute = a_statute(a_rate(area_rate, impediment_rate), minimum="0.00")

    assessment = assess(an_account((area, impediment_area)), statute)

    assert assessment.total == Decimal(published)


def test_zerbst_2010_adds_the_rounded_parts() -> None:
    statute = a_statute(a_rate("6.8770", "14892.00"))

    assessment = assess(an_account((30_000, 3), (15_000, 0), (10_000, 0), (1_000, 0)), statute)

    assert (assessment.lines[0].area_amount, assessment.lines[0].impediment_amount) == (
        Decimal("38.51"),
        Decimal("4.47"),
    )
    assert assessment.total == Decimal("42.98")


@pytest.mark.parametrize(
    ("first", "second", "printed"),
    [
        ("77574.67", "34222.55", "111797.22"),
        ("75592.29", "33819.16", "109411.45"),
        ("83483.07", "8146.22", "91629.29"),
        ("83347.01", "7700.94", "91047.95"),  # Burg printed 91,045.97: an error of the source
    ],
)
def test_burg_sums_are_met_at_the_scale_of_a_member_town(first: str, second: str, printed: str) -> None:
    statute = a_statute(a_rate(first, second))

    assessment = assess(an_account((10_000, 10_000)), statute)

    assert assessment.total == Decimal(printed)


def test_each_component_is_rounded_half_up_by_itself() -> None:
    statute = a_statute(a_rate("10.005", "10.005"))

    assessment = assess(an_account((10_000, 10_000)), statute)

    assert assessment.total == Decimal("20.02")


def test_areas_are_summed_before_rounding() -> None:
    statute = a_statute(a_rate("10.00"), minimum="0.00")

    assessment = assess(an_account((4, 0), (4, 0)), statute)

    assert assessment.total == Decimal("0.01")


def test_exactly_the_minimum_is_levied_and_a_cent_less_is_not() -> None:
    statute = a_statute(a_rate("10.00"))

    at_limit = assess(an_account((10_000, 0)), statute)
    below = assess(an_account((9_990, 0)), statute)

    assert (at_limit.total, at_limit.below_minimum) == (Decimal("10.00"), False)
    assert (below.total, below.below_minimum) == (Decimal("9.99"), True)


def test_rounding_down_is_shown_and_comes_after_the_minimum() -> None:
    statute = a_statute(a_rate("10.99"), minimum="10.50", round_down=True)

    assessment = assess(an_account((10_000, 0)), statute)

    assert (assessment.total, assessment.rounding) == (Decimal("10.00"), Decimal("-0.99"))
    assert not assessment.below_minimum


def test_exempt_parcels_are_listed_but_not_levied() -> None:
    account = an_account((10_000, 0), exemption=Exemption.TOWN_OWNED)

    assessment = assess(account, a_statute(a_rate("10.00"), minimum="0.00"))

    assert assessment.account.parcels == account.parcels
    assert (assessment.lines, assessment.total, assessment.below_minimum) == ((), Decimal("0.00"), True)


def test_the_administrative_share_never_exceeds_the_amount() -> None:
    statute = a_statute(a_rate("0.84", "0.84", shares=("0.84", "0.84")), minimum="0.00")

    assessment = assess(an_account((60, 60)), statute)

    assert assessment.lines[0].administration <= assessment.lines[0].amount
    assert assess(an_account((10_000, 5_000)), statute).administration == Decimal("1.26")


def test_lines_come_in_the_order_of_the_statute() -> None:
    statute = a_statute(a_rate("10.00", name="B"), a_rate("10.00", name="A"))
    parcels = (*an_account((10_000, 0), association="A").parcels, *an_account((10_000, 0), association="B").parcels)
    account = dataclasses.replace(an_account(), parcels=parcels)

    assessment = assess(account, statute)

    assert [line.association for line in assessment.lines] == ["B", "A"]


def test_an_association_without_a_rate_is_never_levied_at_zero() -> None:
    account = an_account((10_000, 0), association="Elbe")

    with pytest.raises(KeyError):
        assess(account, a_statute(a_rate("10.00")))


@pytest.mark.parametrize(
    ("year", "encoding", "assessed", "below"), [(2026, "utf-8-sig", 2100, 795), (2025, "cp1252", 2022, 798)]
)
def test_the_demo_years_agree_with_an_independent_recomputation(
    year: int, encoding: str, assessed: int, below: int
) -> None:
    levy = read_levy_file(demo_file(f"umlage-{year}.csv"), demo_statute(year))

    assessments = [assess(account, demo_statute(year)) for account in levy.accounts]

    expected = _naively(demo_file(f"umlage-{year}.csv").decode(encoding), year)
    assert levy.errors == ()
    assert {each.account.reference: int(each.total * 100) for each in assessments} == expected
    assert sum(not each.below_minimum for each in assessments) == assessed
    assert sum(each.below_minimum for each in assessments) == below
    assert sum(cents for cents in expected.values() if cents >= 1000) == int(
        sum((each.total for each in assessments if not each.below_minimum), Decimal(0)) * 100
    )


def _naively(text: str, year: int) -> dict[str, int]:
    """Cents of every account, in exact fractions and without any code of the service."""
    rates = {
        2026: {"Tanger": (987, 645), "Uchte": (1042, 418)},
        2025: {"Tanger": (941, 620), "Uchte": (1005, 418)},
    }[year]
    areas: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=";"):
        sums = areas[row["Kassenzeichen"]][row["Unterhaltungsverband"]]
        if row["Befreiung"] == "":
            sums[0] += int(row["Flaeche_m2"])
            sums[1] += int(row["Flaeche_ohne_GrStA_m2"])
    return {
        reference: sum(
            int(Fraction(sums[part] * rates[name][part], 10_000) + Fraction(1, 2))
            for name, sums in of_account.items()
            for part in (0, 1)
        )
        for reference, of_account in areas.items()
    }
