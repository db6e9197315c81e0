"""The source files of the project as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.processes import ROOT

PACKAGES = ("contracts", "chassis", "services", "rathaus", "simulators")


@dataclass(frozen=True, slots=True)
class Source:
    """One file; `path` is relative to the project, with slashes."""

    path: str
    tree: ast.Module

    @property
    def package(self) -> str:
        return self.path.split("/")[0]

    def imports(self) -> Iterator[str]:
        """Every module that is imported, at the top or inside a function."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    def calls(self, *names: str) -> Iterator[ast.Call]:
        """Calls of these methods or functions."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and called(node) in names:
                yield node


def called(call: ast.Call) -> str:
    """The last name of what is called."""
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


@cache
def sources(*packages: str) -> tuple[Source, ...]:
    """Every file of these packages, or of all."""
    paths = [path for package in packages or PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return tuple(Source(_relative(path), ast.parse(path.read_text("utf-8"))) for path in paths)


def service_names() -> list[str]:
    """The services there are."""
    return sorted(path.parent.name for path in (ROOT / "services").glob("*/__init__.py"))


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
