"""What the provider finds in a document."""

from __future__ import annotations

import pytest

from tests.simulators.paper import ADDRESS, box, ink, letter, without_embedded_font
from tests.simulators.provider import Provider, a_letter, codes

LINES = "<br>".join(("Erbengemeinschaft", "nach Max", "vertreten", "durch", *ADDRESS))
SEVEN_LINES = box(25, 70, f"<p style='margin:0;font-size:6pt;line-height:7.5pt'>{LINES}</p>")


def test_a_good_letter_passes_without_a_word(shared_provider: Provider) -> None:
    (letter_id,) = shared_provider.submit(a_letter("gut", pdf=letter(pages=2), testFlag=True))

    status = shared_provider.settled(letter_id)

    assert (status["statusID"], status["errorList"], status["noOfPages"]) == (2, [], 2)


@pytest.mark.parametrize(
    ("code", "pdf"),
    [
        ("E301", b"%PDF-1.7 and then nothing"),
        ("E302", letter(ink(40, 60, 3, 1))),
        ("E302", letter(box(25, 63, "Persönlich"))),
        ("E304", letter(pages=95)),
        ("E307", letter(size="297mm 210mm")),
        ("E308", letter(size="216mm 279mm")),
        ("E323", letter(address=())),
        ("E333", letter(sender="")),
        ("E203", letter(address=("Erika Muster", "Lindenweg 7", "39517 Stendal"))),
        ("E203", letter(address=("Max Muster", *ADDRESS[1:]))),
        ("E203", letter(ink(30, 75, 40, 5), address=())),
    ],
)
def test_a_bad_document_ends_in_status_99(shared_provider: Provider, code: str, pdf: bytes) -> None:
    (letter_id,) = shared_provider.submit(a_letter("schlecht", pdf=pdf))

    status = shared_provider.settled(letter_id)

    assert (status["statusID"], codes(status)) == (99, [code])
    assert status["errorList"][0]["level"] == "Error"


@pytest.mark.parametrize(
    ("code", "pdf"),
    [
        ("W101", without_embedded_font()),
        ("W201", letter(ink(209, 150, 1, 10))),
        ("W201", letter(ink(21, 70, 1, 3))),
        ("W201", letter(ink(30, 68.2, 10, 0.6))),
        ("W201", letter(SEVEN_LINES, address=())),
        ("W202", letter(ink(5, 148, 5, 0.3))),
        ("W202", letter(pages=2, text="<div style='left:4mm;top:120mm'>Lochmarke</div>")),
        ("W208", letter(size="595.28pt 841.89pt")),
    ],
)
def test_a_doubtful_document_goes_on_with_a_warning(shared_provider: Provider, code: str, pdf: bytes) -> None:
    (letter_id,) = shared_provider.submit(a_letter("zweifel", pdf=pdf))

    status = shared_provider.settled(letter_id)

    assert status["statusID"] in {2, 3}
    assert set(codes(status)) == {code}
    assert status["errorList"][0]["level"] == "Warning"


def test_naming_germany_draws_a_warning(shared_provider: Provider) -> None:
    (letter_id,) = shared_provider.submit(a_letter("inland", country="DEUTSCHLAND"))

    assert codes(shared_provider.settled(letter_id)) == ["W203"]


def test_blanks_and_line_breaks_do_not_part_the_address_from_its_metadata(shared_provider: Provider) -> None:
    pdf = letter(address=("Erika  Muster-", "Beispiel", "39517 &nbsp;Tangerhütte"))

    (letter_id,) = shared_provider.submit(a_letter("umbruch", pdf=pdf, addressLine1="Erika Muster-Beispiel"))

    assert codes(shared_provider.settled(letter_id)) == []


def test_a_cover_page_brings_its_own_address(shared_provider: Provider) -> None:
    pdf = letter(address=(), sender="")

    (letter_id,) = shared_provider.submit(a_letter("deckblatt", pdf=pdf, coverLetter=True))

    status = shared_provider.settled(letter_id)
    assert (status["noOfPages"], codes(status)) == (2, [])


def test_an_address_abroad_needs_no_postcode(shared_provider: Provider) -> None:
    pdf = letter(address=("Erika Muster", "1 Main Street", "Dublin", "IRLAND"))
    fields = {"zipCode": "   ", "city": "Dublin", "country": "IRLAND"}

    (letter_id,) = shared_provider.submit(a_letter("ausland", pdf=pdf, **fields))

    assert codes(shared_provider.settled(letter_id)) == []
