"""The terminal that a command writes to."""

from __future__ import annotations

import os

from rich.console import Console

from rathaus.levy.tables import Terminal
from rathaus.words import Words

_PLAIN_WIDTH = 120


def open_terminal() -> Terminal:
    """Return where to write, in the language of the environment; a pipe gets a fixed width."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_PLAIN_WIDTH)
    return Terminal(console, Words.of(os.environ))
