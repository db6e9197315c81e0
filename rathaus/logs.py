"""The command's own log: to a file, since its terminal belongs to people."""

from __future__ import annotations

import logging
from pathlib import Path

from chassis.logs import configure_logs


def log_to_file(path: Path) -> None:
    """Append everything that is logged in this process to a file, as JSON."""
    configure_logs("rathaus", log_format="json", level="INFO")
    root = logging.getLogger()
    to_file = logging.FileHandler(path, encoding="utf-8")
    to_file.setFormatter(root.handlers[0].formatter)
    root.handlers[:] = [to_file]
