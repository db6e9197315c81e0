"""Rows of an imported file that need a look: the first on the screen, all of them in a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rathaus.embedded.files import write_whole
from rathaus.levy.tables import Terminal, cell, plain_table

_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Remarks:
    """Rows of which the same is to be said; it names nobody."""

    title: str
    """Key of `rathaus.words`."""
    rows: Sequence[tuple[int, str]]
    """Number and reason."""


def tell_of(terminal: Terminal, remarks: Sequence[Remarks], *, file: Path, counted: str = "import_line") -> None:
    """Show the first rows of each kind and write all of them to a file; nothing when there is none.

    The gravest kind is the last: on the screen it stands where one looks, in the file it comes first.
    `counted` is the key in `rathaus.words` of what the numbers count.
    """
    present = [each for each in remarks if each.rows]
    if not present:
        return
    say = terminal.words.say
    for each in present:
        table = plain_table(say(each.title), say(counted), say("import_reason"))
        for line, reason in each.rows[:_SHOWN]:
            table.add_row(str(line), cell(reason))
        terminal.console.print(table)
        if len(each.rows) > _SHOWN:
            terminal.say("import_more", count=terminal.words.number(len(each.rows) - _SHOWN))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([say(counted), say("import_what"), say("import_reason")])
    for each in reversed(present):
        writer.writerows([line, say(each.title), reason] for line, reason in each.rows)
    write_whole(file, text.getvalue().encode("utf-8-sig"))
    terminal.say("import_list", file=file)
