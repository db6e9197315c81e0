"""The levy of one account (Festsetzung): Decimal arithmetic on whole square metres, rates from the statute only."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from services.notices.domain.model import (
    Assessment,
    AssociationAmount,
    DebtorAccount,
    Exemption,
    Parcel,
    Rate,
    Statute,
)

CENT = Decimal("0.01")
EURO = Decimal(1)
ZERO = Decimal("0.00")
SQUARE_METRES_PER_HECTARE = 10_000


def assess(account: DebtorAccount, statute: Statute) -> Assessment:
    """Assess an account per § 56 (1) WG LSA; KeyError when a levied parcel's association has no rate.

    The small-amount limit (Kleinbetrag, § 14 (1) KAG-LSA) is strict and meets the amount before it is rounded
    down (§ 14 (2)); an account with nothing to pay gets no notice whatever the limit is.
    """
    levied = [parcel for parcel in account.parcels if parcel.exemption is Exemption.NONE]
    by_association: dict[str, list[Parcel]] = {}
    for parcel in levied:
        by_association.setdefault(parcel.association, []).append(parcel)
    if missing := by_association.keys() - {rate.association for rate in statute.rates}:
        raise KeyError(*sorted(missing))
    lines = tuple(
        _line(rate, by_association[rate.association]) for rate in statute.rates if rate.association in by_association
    )
    amount = sum((line.amount for line in lines), ZERO)
    total = amount.quantize(EURO, rounding=ROUND_FLOOR).quantize(CENT) if statute.round_down_to_euro else amount
    return Assessment(
        account=account,
        lines=lines,
        rounding=total - amount,
        total=total,
        below_minimum=amount < statute.minimum or total == ZERO,
    )


def _line(rate: Rate, parcels: Sequence[Parcel]) -> AssociationAmount:
    area = sum(parcel.area_m2 for parcel in parcels)
    impediment_area = sum(parcel.impediment_area_m2 for parcel in parcels)
    area_amount = _cents(area, rate.area)
    impediment_amount = _cents(impediment_area, rate.impediment)
    shares = _cents(area, rate.area_administration_share) + _cents(
        impediment_area, rate.impediment_administration_share
    )
    return AssociationAmount(
        association=rate.association,
        area_m2=area,
        impediment_area_m2=impediment_area,
        area_amount=area_amount,
        impediment_amount=impediment_amount,
        administration=min(shares, area_amount + impediment_amount),
    )


def _cents(area_m2: int, euro_per_hectare: Decimal) -> Decimal:
    """Round each component by itself, half up: only this reproduces the published examples."""
    return (Decimal(area_m2) * euro_per_hectare / SQUARE_METRES_PER_HECTARE).quantize(CENT, rounding=ROUND_HALF_UP)
