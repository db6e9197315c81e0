from __future__ import annotations

from pathlib import Path

import pytest

from rathaus.embedded.doors import Doors
from rathaus.embedded.home import Home
from rathaus.embedded.ports import last_ports


@pytest.mark.parametrize("none", ["70000", "-1", "0", '"8080"', "null"])
def test_a_number_that_is_no_port_is_ignored_and_the_others_stay(tmp_path: Path, none: str) -> None:
    home = Home.at(tmp_path)
    home.ports.write_text(f'{{"intake": {none}, "notices": 50001}}')

    doors = Doors(last_ports(home))
    doors.open("intake")

    assert last_ports(home) == {"notices": 50001}
    assert doors.port("intake")
    doors.close()


@pytest.mark.parametrize("broken", ["", "[1]", "{"])
def test_a_broken_file_is_no_ports(tmp_path: Path, broken: str) -> None:
    home = Home.at(tmp_path)
    home.ports.write_text(broken)

    assert last_ports(home) == {}
