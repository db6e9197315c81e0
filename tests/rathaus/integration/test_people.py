"""Staff devices in the real town hall: handed out, used, taken back; and the portal stays where it was."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from chassis.tokens import token_for
from rathaus.embedded.home import Home
from rathaus.embedded.state import HallState
from tests.rathaus.integration.test_hall import ready_state, up
from tests.support.processes import ROOT

GIVEN = re.compile(r"Link: (?P<portal>\S+)/dienst/(?P<token>\S+)\nPIN:  (?P<pin>\d{6})\n")


def staff(home: Home, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "rathaus", "staff", *arguments, "--data", str(home.root)],
        cwd=ROOT,
        env={**os.environ, "LANG": "de_DE.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def sign_in(home: Home, state: HallState, token: str, pin: str) -> int:
    """Ask as the portal does."""
    headers = {"authorization": f"Bearer {token_for(home.secrets('portal'), 'accounts')}"}
    url = f"{state.addresses['accounts']}/staff/sessions"
    return httpx.post(url, json={"token": token, "pin": pin}, headers=headers).status_code


@pytest.mark.timeout(240)
def test_a_device_is_handed_out_and_taken_back_and_its_link_outlives_a_restart(tmp_path: Path) -> None:
    home, log = Home.at(tmp_path / "data"), tmp_path / "up.log"
    with up(home, log=log) as first:
        before = ready_state(home, first)
        shown = staff(home, "add", "freibad-kasse", "--role", "attendant", "--pool", "freibad-tangerhuette")

    with up(home, log=log) as again:
        after = ready_state(home, again)
        given = GIVEN.search(shown)
        assert given is not None, shown
        allowed = sign_in(home, after, given["token"], given["pin"])
        staff(home, "remove", "freibad-kasse")
        refused = sign_in(home, after, given["token"], given["pin"])

    assert given["portal"] == before.portal_url == after.portal_url
    assert (allowed, refused) == (201, 404)
    told = log.read_text("utf-8")
    assert f"Das Portal: {after.portal_url}\n" in told
    assert f"im simulierten Postfach: {after.addresses['mail-simulator']}\n" in told
