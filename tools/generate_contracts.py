"""`python tools/generate_contracts.py [--check]`: everything that follows from catalogue, topology and foreign events.

JSON Schemas, AsyncAPI, the catalogue page and missing examples. With `--check` nothing is written; the status is 1 when
what is committed is not what would be generated.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from contracts.catalogue import CATALOGUE
from contracts.foreign import FOREIGN
from tools.generating.asyncapi import asyncapi
from tools.generating.catalogue_page import catalogue_page
from tools.generating.examples import example_text, foreign_example_text, path_of
from tools.generating.places import CONTRACTS, ROOT, file_name, json_text
from tools.generating.schemas import foreign_schema_of, schema_of


def generated() -> dict[Path, str]:
    """Every file with the text that it should have."""
    schemas = CONTRACTS / "schemas"
    files = {schemas / file_name(message): json_text(schema_of(message)) for message in CATALOGUE}
    files |= {schemas / file_name(event): json_text(foreign_schema_of(event)) for event in FOREIGN}
    files |= {path_of(message): example_text(message) for message in CATALOGUE}
    files |= {path_of(event): foreign_example_text(event) for event in FOREIGN}
    files[CONTRACTS / "asyncapi.json"] = json_text(asyncapi())
    files[CONTRACTS / "catalogue.html"] = catalogue_page()
    return files


def stale(files: dict[Path, str]) -> list[Path]:
    """Return what is missing, differs or is there without a message."""
    differing = [path for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text]
    present = {path for folder in ("schemas", "examples") for path in (CONTRACTS / folder).glob("*.json")}
    return sorted([*differing, *(present - set(files))])


def main(arguments: list[str]) -> int:
    """Write, or with `--check` only compare."""
    if "--check" in arguments:
        found = stale(generated())
        for path in found:
            print(f"stale: {path.relative_to(ROOT)}")
        return 1 if found else 0
    for _ in range(2):  # AsyncAPI quotes the examples
        files = generated()
        for path in stale(files):
            if path in files:
                path.write_text(files[path], "utf-8")
            else:
                path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
