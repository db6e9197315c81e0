from __future__ import annotations

import socket

import pytest

from rathaus.embedded.doors import HOST, Doors


def test_callers_queue_while_nobody_serves() -> None:
    doors = Doors()
    doors.open("notices")

    with socket.create_connection((HOST, doors.port("notices")), timeout=2) as caller:
        caller.sendall(b"waiting")

    doors.close()


def test_a_reserved_port_is_for_the_server_that_asks_for_it() -> None:
    doors = Doors()
    port = doors.reserve("nats")

    with socket.socket() as stranger, pytest.raises(OSError, match="in use"):
        stranger.bind((HOST, port))
    with socket.create_server((HOST, port)) as server:
        assert server.getsockname()[1] == port

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, port), timeout=2)
    doors.close()


def test_a_door_has_its_last_port_again() -> None:
    before = Doors()
    before.open("intake")
    ports = before.ports
    before.close()

    again = Doors(ports)
    again.open("intake")

    assert again.ports == ports
    again.close()


def test_a_last_port_that_somebody_else_has_is_given_up() -> None:
    neighbour = Doors()
    neighbour.open("intake")

    doors = Doors(neighbour.ports)
    doors.open("intake")

    assert doors.port("intake") != neighbour.port("intake")
    doors.close()
    neighbour.close()
