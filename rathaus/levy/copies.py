"""Copies of the letters for people: one PDF per reference number (Kassenzeichen), and a page that lists them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from rathaus.embedded.files import write_whole
from rathaus.levy.client import Notices, RefusedError
from rathaus.levy.models import Document, Notice, Run
from rathaus.words import Words

_AT_ONCE = 4
_NOT_DRAWN = frozenset({"waiting", "render_failed"})
_LEDGER = ".copies"
_DIGEST_CHARS = 64
_GERMAN = Words("de")
_STATES = {
    "rendered": "erzeugt",
    "submitted": "an die Post übergeben",
    "posted": "zur Post gegeben",
    "failed": "abgelehnt",
    "unclear": "unklar",
    "render_failed": "nicht erzeugt",
    "waiting": "noch nicht erzeugt",
}
_STYLE = (
    "body{font:16px/1.5 'Liberation Sans',Arial,sans-serif;color:#1a1a1a}"
    "body{margin:2rem auto;max-width:60rem;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #ccc}"
    "td.sum,th.sum{text-align:right;font-variant-numeric:tabular-nums}a{color:#003d7a}"
)


class Copies:
    """The folder with the copies."""

    def __init__(self, folder: Path) -> None:
        """Read which document each copy is of; the same reference comes back in another run and another year."""
        self._folder = folder
        self._ledger = folder / _LEDGER
        lines = self._ledger.read_text("utf-8").splitlines() if self._ledger.exists() else []
        self._known = dict(_pairs(lines))

    def path(self, reference: str) -> Path:
        """Return where the copy of a reference lies."""
        return self._folder / f"{Path(reference).name}.pdf"

    async def fetch(self, notices: Notices, wanted: Iterable[Notice], tell: Callable[[int, int], None]) -> None:
        """Fetch what is missing, some at a time; what a kill has left half is fetched again."""
        drawn = [notice for notice in wanted if notice.state not in _NOT_DRAWN]
        missing = [notice for notice in drawn if not self.has(notice)]
        queue = iter(missing)
        done = len(drawn) - len(missing)

        async def work() -> None:
            nonlocal done
            for notice in queue:
                await self.fetch_one(notices, notice)
                done += 1
                tell(done, len(drawn))

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(_AT_ONCE):
                    group.create_task(work())
        except ExceptionGroup as errors:
            # Callers know one service that is away, not four workers that found out.
            raise errors.exceptions[0] from None
        tell(done, len(drawn))

    async def fetch_one(self, notices: Notices, wanted: Document) -> Path:
        """Fetch one copy unless it is there, and return its path."""
        path = self.path(wanted.reference)
        if self.has(wanted):
            return path
        try:
            document = await notices.document(wanted.notice_id)
        except RefusedError:
            return path
        digest = hashlib.sha256(document).hexdigest()
        if digest != wanted.sha256:
            # A newer run has drawn this notice meanwhile: its copy is not the one that was asked for.
            return path
        partial = path.with_name(f"{path.name}.part")
        partial.write_bytes(document)
        partial.chmod(0o600)
        partial.replace(path)
        self._known[wanted.reference] = digest
        with self._ledger.open("a", encoding="utf-8") as ledger:
            ledger.write(f"{wanted.reference}\t{digest}\n")
        return path

    def write_index(self, run: Run, notices: Sequence[Notice]) -> Path:
        """Write the page that lists a run's letters, without names."""
        index = self._folder / "index.html"
        write_whole(index, _page(run, notices, self.path))
        return index

    def has(self, wanted: Document) -> bool:
        """Say whether the copy of just this document is there; an earlier run may have drawn the notice otherwise."""
        known = self._known.get(wanted.reference)
        return known is not None and known == wanted.sha256 and self.path(wanted.reference).exists()


def _pairs(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Read the ledger; a line that a kill cut short counts for nothing."""
    for line in lines:
        reference, _, digest = line.partition("\t")
        if len(digest) == _DIGEST_CHARS:
            yield reference, digest


def _page(run: Run, notices: Sequence[Notice], path: Callable[[str], Path]) -> str:
    title = f"{escape(run.kind)} {run.year}"
    rows = "\n".join(_row(notice, path(notice.reference).name) for notice in notices)
    total = _GERMAN.number(sum((notice.total for notice in notices), start=run.sum * 0))
    return f"""<!DOCTYPE html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bescheide: {title}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>Bescheide: {title}</h1>
<p>{_GERMAN.number(len(notices))} Bescheide über zusammen {total} EUR. Ein Kassenzeichen finden Sie mit Strg+F.</p>
<table>
<thead><tr><th scope="col">Kassenzeichen</th><th scope="col" class="sum">Betrag (EUR)</th><th scope="col">Stand</th>
</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</body>
</html>
"""


def _row(notice: Notice, file: str) -> str:
    reference = escape(notice.reference)
    drawn = notice.state not in _NOT_DRAWN
    shown = f'<a href="{escape(file)}">{reference}</a>' if drawn else reference
    state = escape(_STATES.get(notice.state, notice.state))
    return f'<tr><td>{shown}</td><td class="sum">{_GERMAN.number(notice.total)}</td><td>{state}</td></tr>'
