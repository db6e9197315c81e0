"""Draws and checks the notices of one chunk: bytes in, letters and manifest out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from contracts.output_profile import output_profile
from services.notices.domain.model import Finding, Statute
from services.notices.letters.preflight import check
from services.notices.letters.render import LetterRenderer, fingerprint
from services.notices.records import CHUNK_INPUT, MANIFEST, ChunkInput, ChunkNotice, LetterResult, Manifest

log = structlog.stdlib.get_logger()

Reference = Callable[..., str]


@dataclass(frozen=True, slots=True)
class PrintedLetter:
    """A checked letter and where it belongs."""

    reference: str
    pdf: bytes


@dataclass(frozen=True, slots=True)
class Printed:
    """All letters of a chunk, and the manifest that tells what became of each notice."""

    letters: tuple[PrintedLetter, ...]
    failed: int
    manifest: bytes


class ChunkPrinter:
    """Keeps the renderer of a statute over many chunks."""

    def __init__(self, reference: Reference) -> None:
        """Take the function that names documents."""
        self._reference = reference
        self._statute: Statute | None = None
        self._renderer: LetterRenderer | None = None
        self._fingerprint = fingerprint()

    def print(self, chunk_input: bytes) -> Printed:
        """Draw and check every notice; one that fails does not stop the others."""
        chunk = CHUNK_INPUT.validate_json(chunk_input)
        if self._renderer is None or chunk.statute != self._statute:
            self._statute = chunk.statute
            self._renderer = LetterRenderer(chunk.statute, output_profile(chunk.output_profile))
        letters: list[PrintedLetter] = []
        results: list[LetterResult] = []
        for notice in chunk.notices:
            letter, result = self._print_one(self._renderer, notice, chunk)
            results.append(result)
            if letter is not None:
                letters.append(letter)
        manifest = MANIFEST.dump_json(Manifest(tuple(results)))
        return Printed(tuple(letters), failed=len(results) - len(letters), manifest=manifest)

    def _print_one(
        self, renderer: LetterRenderer, notice: ChunkNotice, chunk: ChunkInput
    ) -> tuple[PrintedLetter | None, LetterResult]:
        try:
            pdf = renderer.render(notice.assessment)
            checked = check(pdf, notice.assessment, chunk.statute, output_profile(chunk.output_profile))
        except Exception:
            log.exception("letter.failed", notice_id=str(notice.notice_id))
            finding = Finding("render_failed", "Der Bescheid ließ sich nicht erzeugen. Bitte den Betrieb verständigen.")
            return None, LetterResult(notice.notice_id, None, None, 0, (finding,))
        digest = hashlib.sha256(pdf).hexdigest()
        if checked.findings:
            return None, LetterResult(notice.notice_id, None, digest, checked.pages, checked.findings)
        source = f"{chunk.run_id}/{chunk.generation}"
        reference = self._reference(str(notice.notice_id), source, digest, self._fingerprint, suffix=".pdf")
        result = LetterResult(notice.notice_id, reference, digest, checked.pages, ())
        return PrintedLetter(reference, pdf), result
