"""Loaded first by the fork server, and by nothing else: what it must be before it forks anybody.

A signal to the whole group (a closed terminal, `timeout`, a service manager) is meant for the supervisor, which ends
the services in order. The fork server must outlive it: with its end the kernel would end every service at once.
"""

from __future__ import annotations

import os
import signal

os.setsid()
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
