"""`python -m bench`: every published figure, each beside its bar or baseline."""

from __future__ import annotations

import runpy
import sys

NAMES = (
    "bench.letters",
    "bench.town_hall",
    "bench.doors",
    "bench.alerts",
    "bench.availability",
    "bench.holds",
    "bench.portal",
)

for name in NAMES:
    print(f"== {name}", flush=True)
    sys.argv = [name]
    runpy.run_module(name, run_name="__main__")
