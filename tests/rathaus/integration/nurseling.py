"""A child of the nursery: tells what it was given, then does what its argument says."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys

from chassis.metrics import REGISTRY

fd, then = int(os.environ["NURSELING_FD"]), sys.argv[1]
with socket.socket(fileno=fd) as given:
    said = {"port": given.getsockname()[1], "pid": os.getpid(), "argv": sys.argv, "env": dict(os.environ)}
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()
    sys.stderr.write("to standard error\n")
    if then == "wait":
        signal.pause()
    if then == "metrics":
        sys.stdout.write(" ".join(each.name for each in REGISTRY.collect()) + "\n")
        sys.exit()
    sys.exit(int(then))
