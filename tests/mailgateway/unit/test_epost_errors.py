from __future__ import annotations

from services.mailgateway.gateways.epost_errors import catalogue, explain

ERRORS = (1, 2, 3, 4, 101, 201, 203, *range(301, 310), *range(311, 321), 322, 323, 324, 333, 399, 501, 601)
OFFICIAL = [
    *(f"E{number:03}" for number in (*ERRORS, 612, 613, 614, 615, 621, 622, 700, 900)),
    *(f"W{number}" for number in (101, 201, 202, 203, 220, 301, 501, 601, 611, 622)),
    *(f"I{number}" for number in (101, 501, 601, 611, 701, 751)),
]
FROM_PRACTICE = ["W208"]


def test_all_57_codes_of_the_provider_are_explained_and_one_from_practice() -> None:
    assert len(OFFICIAL) == 57
    assert sorted(catalogue()) == sorted(OFFICIAL + FROM_PRACTICE)


def test_every_text_is_complete_and_says_what_to_do() -> None:
    for text in catalogue().values():
        assert text.known
        assert text.level == {"E": "error", "W": "warning", "I": "info"}[text.code[0]]
        assert len(text.title) <= 45
        assert text.meaning.endswith(".")
        assert text.action.endswith(".")


def test_a_duplicate_is_nobodys_work_and_never_sent_again() -> None:
    text = explain("E324")

    assert (text.who, text.retry) == ("nobody", "never")


def test_an_unknown_code_says_that_it_is_unknown_and_is_not_repeated() -> None:
    text = explain("E777")

    assert not text.known
    assert text.level == "error"
    assert text.retry == "never"
    assert "E777" in text.meaning
    assert explain("W777").level == "warning"
