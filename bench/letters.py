"""Letters per CPU-second, beside naive one-by-one WeasyPrint, on the demo data of 2026.

    python -m bench.letters [--count 60] [--rounds 3]

The same seeded sample of notices is rendered by both sides in turn, in this process, with `time.process_time`:

naive   what the manual of WeasyPrint shows: a new HTML document for each letter with its style sheet in a <style>
        element (parsed each time), no font configuration of its own, the payment code as inline SVG of zint's modules;
        the same template, the same PDF variant and finisher, so that both sides make the same letter
ours    services.notices.letters.render.LetterRenderer: style sheet and fonts read once, code as PNG, no system fonts

A round is one chunk of letters by each side; the side that begins alternates. Figures are medians over the rounds.
The check of a finished letter is measured beside them. The last line is JSON. Bar: ours >= 1.3 times naive.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import time
from collections.abc import Callable
from importlib import resources
from statistics import median

import zint
from weasyprint import HTML

from contracts.output_profile import OutputProfile, output_profile
from services.notices.domain.assessment import assess
from services.notices.domain.levy_file import read_levy_file
from services.notices.domain.model import Assessment, Statute
from services.notices.domain.statute import parse_statute
from services.notices.letters import epc
from services.notices.letters.preflight import check
from services.notices.letters.render import BASE_URL, PDF_VARIANT, LetterRenderer

BAR = 1.3
_IMAGE = re.compile(r"<img [^>]*>")


def main() -> None:
    """Run the comparison and print it."""
    options = argparse.ArgumentParser(description="letters per CPU-second beside naive WeasyPrint")
    options.add_argument("--count", type=int, default=60)
    options.add_argument("--rounds", type=int, default=3)
    wanted = options.parse_args()
    statute, assessments = demo()
    profile = output_profile("epost")
    sample = random.Random(2026).sample(assessments, wanted.count)  # noqa: S311 - a fixed sample
    figures = measure(sample, statute, profile, wanted.rounds)
    for name, value in figures.items():
        print(f"{name:28} {value}")
    print(json.dumps(figures))


def demo() -> tuple[Statute, list[Assessment]]:
    """Return the demo statute of 2026 and every notice it leads to."""
    folder = resources.files("services.notices.demo")
    statute = parse_statute(folder.joinpath("satzung-2026.toml").read_bytes())
    levy = read_levy_file(folder.joinpath("umlage-2026.csv").read_bytes(), statute)
    assessments = [assess(account, statute) for account in levy.accounts]
    return statute, [each for each in assessments if not each.below_minimum]


def measure(
    sample: list[Assessment], statute: Statute, profile: OutputProfile, rounds: int
) -> dict[str, float | int | bool]:
    """Return the figures of interleaved rounds."""
    renderer = LetterRenderer(statute, profile)
    sides: dict[str, Callable[[Assessment], bytes]] = {
        "naive": lambda assessment: naive(renderer, assessment, statute),
        "ours": renderer.render,
    }
    for render in sides.values():
        render(sample[0])
    seconds: dict[str, list[float]] = {"naive": [], "ours": [], "check": []}
    for number in range(rounds):
        for name in sorted(sides, reverse=bool(number % 2)):
            seconds[name].append(_chunk(sides[name], sample))
        letters = [(renderer.render(each), each) for each in sample]
        begin = time.process_time()
        findings = sum(len(check(pdf, each, statute, profile).findings) for pdf, each in letters)
        seconds["check"].append(time.process_time() - begin)
        if findings:
            raise SystemExit(f"{findings} findings in the letters of the bench")
    return _figures(seconds, len(sample))


def naive(renderer: LetterRenderer, assessment: Assessment, statute: Statute) -> bytes:
    """Render one letter the plain way."""
    code = _svg(epc.payload(assessment, statute.authority))
    html = _IMAGE.sub(code, renderer.html(assessment)).replace("</head>", f"<style>{renderer.style}</style></head>")
    return HTML(string=html, base_url=BASE_URL).write_pdf(pdf_variant=PDF_VARIANT, finisher=renderer.finish)


def _svg(text: str) -> str:
    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology.QRCODE
    symbol.option_1 = 2
    symbol.encode(text.encode())
    size, bits = symbol.rows, bytes(symbol.encoded_data)
    squares = "".join(
        f"M{column} {row}h1v1h-1z"
        for row in range(size)
        for column in range(size)
        if bits[144 * row + (column >> 3)] >> (column & 7) & 1
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="29mm" height="29mm" viewBox="-4 -4 {size + 8} {size + 8}">'
        f'<title>QR-Code für die Überweisung</title><path d="{squares}"/></svg>'
    )


def _chunk(render: Callable[[Assessment], bytes], sample: list[Assessment]) -> float:
    begin = time.process_time()
    for assessment in sample:
        render(assessment)
    return time.process_time() - begin


def _figures(seconds: dict[str, list[float]], count: int) -> dict[str, float | int | bool]:
    naive_seconds, own_seconds, check_seconds = (median(seconds[name]) for name in ("naive", "ours", "check"))
    return {
        "letters": count,
        "naive_per_cpu_second": round(count / naive_seconds, 2),
        "ours_per_cpu_second": round(count / own_seconds, 2),
        "ratio": round(naive_seconds / own_seconds, 2),
        "render_ms": round(1000 * own_seconds / count, 1),
        "check_ms": round(1000 * check_seconds / count, 1),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "holds": naive_seconds / own_seconds >= BAR,
    }


if __name__ == "__main__":
    main()
