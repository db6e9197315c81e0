"""`python -m bench`: every published figure, each beside its bar or baseline."""

from __future__ import annotations

import runpy
import sys

for name in ("bench.letters", "bench.town_hall", "bench.doors", "bench.alerts", "bench.availability", "bench.portal"):
    print(f"== {name}", flush=True)
    sys.argv = [name]
    runpy.run_module(name, run_name="__main__")
