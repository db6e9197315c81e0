"""A nats-server of our own, for the embedded town hall and for tests: keys, configuration, command line."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import nkeys

from chassis.nats_config import ServerPlace, server_config
from contracts.systems import Systems
from contracts.topology import CARETAKER, IDENTITIES


def server_binary() -> Path:
    """Return the server of the wheel; a nats-server elsewhere on the path may be too old."""
    return Path(sys.executable).with_name("nats-server")


@dataclass(frozen=True, slots=True)
class NatsHome:
    """The folder of one nats-server: keys of every identity, configuration and JetStream store."""

    folder: Path

    @property
    def config(self) -> Path:
        """The server's configuration."""
        return self.folder / "nats.conf"

    def seed_file(self, identity: str) -> Path:
        """Return where the NKey seed of an identity lies."""
        return self.folder / "keys" / f"{identity}.seed"

    def prepare(self, *, port: int, monitor_port: int, host: str = "127.0.0.1", systems: Systems | None = None) -> Path:
        """Make missing keys, write the configuration and return its path."""
        (self.folder / "keys").mkdir(parents=True, exist_ok=True)
        public_keys = {identity: self._public_key(identity) for identity in (CARETAKER, *IDENTITIES)}
        place = ServerPlace(str(self.folder / "jetstream"), host, port, monitor_port)
        partial = self.config.with_suffix(".part")
        partial.write_text(server_config(public_keys, systems or Systems(), place), "utf-8")
        partial.replace(self.config)
        return self.config

    def command(self, config: Path) -> list[str]:
        """Return the command line that runs the server."""
        return [str(server_binary()), "--config", str(config), "--ports_file_dir", str(self.folder)]

    def _public_key(self, identity: str) -> str:
        path = self.seed_file(identity)
        if not path.exists():
            partial = path.with_suffix(".part")
            partial.touch(mode=0o600)
            partial.write_bytes(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER))
            partial.replace(path)
        return nkeys.from_seed(path.read_bytes()).public_key.decode()
