"""Every text is there in all languages, and every text is needed."""

from __future__ import annotations

import re

from services.portal.words import WORDS
from tests.support.processes import ROOT

PORTAL = ROOT / "services" / "portal"
LITERAL = re.compile(r"""['"]([a-z]+\.[a-z_.]*)['"]""")
NAMED = re.compile(r"""\bt\(\s*'([a-z_.]+)'\s*[,)]|\.text\(\s*f?"([a-z_.]+)"\s*[,)]""")
FAMILY = re.compile(r"""code\(\s*['"]([a-z_.]+)['"]""")


def written() -> str:
    files = [*PORTAL.rglob("*.py"), *(PORTAL / "templates").rglob("*.*")]
    return "\n".join(path.read_text("utf-8") for path in files if "words" not in path.parts)


def test_every_text_is_written_in_three_languages() -> None:
    lacking = [key for key, texts in WORDS.items() if len(texts) != 3 or not all(text.strip() for text in texts)]

    assert lacking == []


def test_a_text_has_the_same_gaps_in_all_languages() -> None:
    gaps = {key: {tuple(sorted(re.findall(r"{(\w+)}", text))) for text in texts} for key, texts in WORDS.items()}

    assert [key for key, found in gaps.items() if len(found) > 1] == []


def test_every_text_that_a_page_names_is_there() -> None:
    named = {first or second for first, second in NAMED.findall(written())}

    assert named - set(WORDS) == set()


def test_every_code_has_words_for_one_that_is_not_known_yet() -> None:
    families = set(FAMILY.findall(written()))

    assert {family for family in families if f"{family}.other" not in WORDS} == set()


def test_no_text_is_left_over() -> None:
    text = written()
    literals = set(LITERAL.findall(text))
    families = tuple(f"{each}." for each in FAMILY.findall(text))
    beginnings = tuple(each for each in literals if each.endswith((".", "_"))) + families

    assert [key for key in WORDS if key not in literals and not key.startswith(beginnings)] == []
