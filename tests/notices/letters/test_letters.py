"""What every letter promises, on the ugliest cases: standards, pages, fonts, reading order, same bytes."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import page
import pypdfium2
import pytest

from services.notices.domain.model import DueRule
from services.notices.letters.preflight import check
from services.notices.letters.reading import squeezed
from services.notices.letters.render import fingerprint
from tests.notices.letters.samples import (
    LETTERS,
    PLAIN,
    PROFILE,
    STATUTE,
    account,
    assessed,
    letter,
    parcels,
    renderer,
)

every_letter = pytest.mark.parametrize("name", LETTERS)


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return squeezed("".join(each.get_textpage().get_text_range() for each in document))


def poppler(tool: str, pdf: bytes, folder: Path) -> str:
    file = folder / "letter.pdf"
    file.write_bytes(pdf)
    command = [tool, str(file), "-"] if tool == "pdftotext" else [tool, str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@every_letter
def test_a_letter_passes_its_check(name: str) -> None:
    pdf, assessment, statute = letter(name)

    assert check(pdf, assessment, statute, PROFILE).findings == ()


@every_letter
@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_a_letter_is_archivable_and_accessible_in_one_file(name: str, profile: str) -> None:
    pdf, _, _ = letter(name)

    report = page.validate_pdf_bytes(pdf, profile=profile)

    assert [failure.rule_id for failure in report.failures] == []
    assert report.is_compliant


@every_letter
def test_only_embedded_fonts_of_the_project_are_used(name: str, tmp_path: Path) -> None:
    pdf, _, _ = letter(name)

    rows = [line.split() for line in poppler("pdffonts", pdf, tmp_path).splitlines()[2:]]

    assert {row[0].split("+")[1] for row in rows} == {"Liberation-Sans", "Liberation-Sans-Bold"}
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows)


@pytest.mark.parametrize(
    ("name", "pages"),
    [("one parcel", 2), ("eighteen parcels", 2), ("sixty parcels", 3), ("a hundred and twenty parcels", 4)],
)
def test_a_common_letter_fills_one_duplex_sheet_and_parcels_flow_on(name: str, pages: int) -> None:
    pdf, assessment, statute = letter(name)

    assert check(pdf, assessment, statute, PROFILE).pages == pages


def test_the_text_can_be_read_from_top_to_bottom(tmp_path: Path) -> None:
    pdf, _, _ = letter("two associations, heirs and exempt parcels")

    text = poppler("pdftotext", pdf, tmp_path)

    order = ["Frau Änne Kühne", "Bescheid über", "Bitte zahlen Sie", "So zahlen Sie", "So haben wir gerechnet"]
    order += ["Wer die Umlage schuldet", "Ihre Flurstücke", "Begründung", "Rechtsbehelfsbelehrung", "Datenschutz"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


@pytest.mark.parametrize("count", [8, 9, 10, 61, 62, 68, 69])
def test_no_total_and_no_table_head_stands_alone(count: int) -> None:
    pdf = renderer().render(assessed(account(*parcels(count))))

    text = text_of(pdf)

    assert "GrundsteuerAUmgelegteFläche" not in text
    assert "GrundsteuerAKassenzeichen" not in text
    assert "IhreFlurstückeKassenzeichen" not in text


def test_the_table_head_is_repeated_on_every_page_of_a_long_list() -> None:
    pdf, _, _ = letter("a hundred and twenty parcels")

    assert text_of(pdf).count("GemarkungFlurFlurstück") == 3


def test_the_same_input_gives_the_same_bytes_in_another_process() -> None:
    pdf, _, _ = letter("one parcel")
    script = (
        "import hashlib; from tests.notices.letters.samples import letter; "
        "print(hashlib.sha256(letter('one parcel')[0]).hexdigest())"
    )

    elsewhere = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert elsewhere.stdout.strip() == hashlib.sha256(pdf).hexdigest()


def test_a_letter_does_not_depend_on_the_letters_before_it() -> None:
    pdf, assessment, statute = letter("one parcel")

    renderer(statute).render(letter("sixty parcels")[1])

    assert renderer(statute).render(assessment) == pdf


def test_the_fingerprint_is_stable() -> None:
    assert fingerprint() == fingerprint()


def test_markup_in_a_name_is_printed_and_not_obeyed() -> None:
    name = "<script>&amp;</p><b>Änne"
    assessment = assessed(account(addressee=replace(PLAIN, name1=name), debtors=(name,)))

    pdf = renderer().render(assessment)

    assert squeezed(name) in text_of(pdf)
    assert check(pdf, assessment, STATUTE, PROFILE).findings == ()


@pytest.mark.parametrize(
    "name",
    [
        "Łukasz Tönnies",
        "Özlem Yıldız",
        "Zoë Đorđević",
        "Ştefan Țepeș",
        "Kŕdeľ Ňuňuk",
        "L\u0325\u0304 C\u0328\u0306 M\u0300",
    ],
)
def test_letters_of_other_languages_are_printed(name: str) -> None:
    assessment = assessed(account(addressee=replace(PLAIN, name1=name), debtors=(name,)))

    pdf = renderer().render(assessment)

    assert check(pdf, assessment, STATUTE, PROFILE).findings == ()


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (letter, text)
        for letter, text in (
            (STATUTE.due, "Zahlen Sie innerhalb eines Monats nach Bekanntgabe dieses Bescheids."),
            (DueRule(months_after_announcement=2), "Zahlen Sie innerhalb von zwei Monaten nach Bekanntgabe"),
        )
    ],
)
def test_a_due_rule_is_printed_in_words_and_never_as_an_invented_date(due: DueRule, words: str) -> None:
    statute = replace(STATUTE, due=due)

    text = text_of(renderer(statute).render(assessed(account(), statute)))

    assert squeezed(words) in text


def test_a_fixed_due_date_is_printed() -> None:
    pdf, _, _ = letter("fixed due date")

    assert squeezed("Zahlen Sie bis zum 15. Februar 2027.") in text_of(pdf)


def test_joint_liability_is_explained_only_where_there_is_one() -> None:
    heirs, alone = letter("two associations, heirs and exempt parcels")[0], letter("one parcel")[0]

    assert "Gesamtschuldner(§44AO)" in text_of(heirs)
    assert "Gesamtschuldner" not in text_of(alone)


def test_a_parcel_without_levy_is_listed_with_its_reason() -> None:
    text = text_of(letter("two associations, heirs and exempt parcels")[0])

    assert "ohneUmlage:Gemeindeeigentum" in text
    assert "ohneUmlage:Bundeswasserstraße" in text
