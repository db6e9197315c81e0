from __future__ import annotations

from decimal import Decimal
from string import Formatter

import pytest

from rathaus.words import SENTENCES, TOPICS, Words


def test_both_languages_say_the_same_things_about_the_same_values() -> None:
    assert SENTENCES["de"].keys() == SENTENCES["en"].keys()
    for key, german in SENTENCES["de"].items():
        assert fields(german) == fields(SENTENCES["en"][key]), key


def test_no_two_topics_use_one_key() -> None:
    assert sum(len(german) for german, _ in TOPICS) == len(SENTENCES["de"])


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "de"),
        ({"LANG": "C.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "en"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
    ],
)
def test_the_terminal_decides_the_language_and_german_is_the_rule(environment: dict[str, str], language: str) -> None:
    assert Words.of(environment).language == language


def test_amounts_are_written_as_each_language_does() -> None:
    amount = Decimal("237454.05")

    assert Words("de").number(amount) == "237.454,05"
    assert Words("en").number(amount) == "237,454.05"
