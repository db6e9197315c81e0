"""The count chain and the identities of a run."""

from __future__ import annotations

import dataclasses
import hashlib
from decimal import Decimal
from uuid import UUID

import pytest

from services.notices.domain.accounting import Chain, differences
from services.notices.domain.identity import letter_id, notice_id, root_hash

CLOSED = Chain(
    rows=100,
    rows_assessed=70,
    rows_below_minimum=20,
    rows_held_back=9,
    rows_unattributed=1,
    debtors=50,
    assessed=30,
    below_minimum=15,
    held_back=5,
    rendered=29,
    render_failed=1,
    routed_paper=20,
    routed_mailbox=8,
    unrouted=1,
    posted=10,
    failed=2,
    unclear=3,
    open=5,
    assessed_amount=Decimal("3000.00"),
    rendered_amount=Decimal("2900.00"),
    render_failed_amount=Decimal("100.00"),
    routed_paper_amount=Decimal("2000.00"),
    routed_mailbox_amount=Decimal("800.00"),
    unrouted_amount=Decimal("100.00"),
    posted_amount=Decimal("1000.00"),
    failed_amount=Decimal("200.00"),
    unclear_amount=Decimal("300.00"),
    open_amount=Decimal("500.00"),
)


def test_a_chain_that_accounts_for_everything_is_closed() -> None:
    assert CLOSED.closed
    assert differences(CLOSED) == ()


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(Chain)])
def test_one_more_anywhere_opens_the_chain(field: str) -> None:
    value: int | Decimal = getattr(CLOSED, field)

    chain = dataclasses.replace(CLOSED, **{field: value + 1})

    assert not chain.closed
    assert all("Differenz" in sentence for sentence in differences(chain))


def test_a_difference_is_told_with_its_numbers() -> None:
    chain = dataclasses.replace(CLOSED, posted=9, posted_amount=Decimal("-234.50"), open_amount=Decimal("1734.50"))

    assert differences(chain) == (
        "Der Zählwert „posted_amount“ ist negativ (-234.50).",
        "Anzahl: 20 Papierpost sind nicht 9 aufgegeben + 2 gescheitert + 3 ungeklärt + 5 offen (Differenz 1).",
    )


def test_amounts_are_written_the_german_way() -> None:
    chain = dataclasses.replace(CLOSED, assessed_amount=Decimal("3001.00"))

    assert differences(chain) == (
        "Betrag: 3.001,00 € festgesetzt sind nicht 2.900,00 € erzeugt + 100,00 € nicht erzeugbar (Differenz 1,00 €).",
    )


def test_an_identity_is_the_same_in_every_process_and_differs_by_each_part() -> None:
    town = ("15090546", "levy", 2026, "5520.260001.56", 1)

    identities = {
        notice_id(*town),
        notice_id("15090547", *town[1:]),
        notice_id(town[0], "dog", 2026, "5520.260001.56", 1),
        notice_id("15090546", "levy", 2025, "5520.260001.56", 1),
        notice_id("15090546", "levy", 2026, "5520.260002.55", 1),
        notice_id("15090546", "levy", 2026, "5520.260001.56", 2),
        letter_id(*town),
    }

    assert len(identities) == 7
    assert notice_id(*town) == UUID("4425451b-4a32-508f-a879-08d08a833b14")
    assert letter_id(*town) == UUID("cf93ce29-f23b-5f5d-bee2-86c526b57c7e")


def test_parts_of_an_identity_cannot_run_into_each_other() -> None:
    assert notice_id("a", "b,c", 1, "d", 1) != notice_id("a,b", "c", 1, "d", 1)
    assert notice_id('a","b', "c", 1, "d", 1) != notice_id("a", 'b","c', 1, "d", 1)


def test_the_root_hash_is_that_of_the_sorted_lines() -> None:
    first, second = UUID(int=1), UUID(int=2)

    root = root_hash([(second, "bb"), (first, "aa")])

    assert root == hashlib.sha256(f"{first} aa\n{second} bb\n".encode()).hexdigest()
    assert root != root_hash([(first, "bb"), (second, "aa")])
    assert root_hash([]) == hashlib.sha256(b"").hexdigest()
