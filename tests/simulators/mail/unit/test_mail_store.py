"""The store keeps the newest and counts all."""

from __future__ import annotations

from pathlib import Path

from simulators.mail.store import KEPT, Store


def test_the_oldest_go_and_all_are_counted(tmp_path: Path) -> None:
    store = Store(tmp_path)

    for number in range(KEPT + 500):
        store.add("town@town.example", f"u{number}@fast.example", f"Message-ID: <{number}>\r\n\r\nx".encode())

    assert len(store.mails(limit=10_000)) == KEPT
    assert store.mails(limit=1)[0].recipient == f"u{KEPT + 499}@fast.example"
    assert store.summary()["received"] == KEPT + 500
    store.close()


def test_a_broken_subject_is_shown_as_it_came(tmp_path: Path) -> None:
    store = Store(tmp_path)

    store.add("a@town.example", "b@fast.example", b"Subject: =?no-such-charset?q?x?=\r\n\r\nx")

    assert store.mails()[0].subject == "=?no-such-charset?q?x?="
    store.close()
