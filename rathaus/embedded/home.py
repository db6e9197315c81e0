"""The folder in which one embedded town hall keeps everything it knows."""

from __future__ import annotations

import fcntl
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from chassis.nats_server import NatsHome
from contracts.topology import HTTP_CALLERS
from rathaus.embedded.files import private_folder, write_whole
from rathaus.embedded.vapid import new_vapid_key

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Home:
    """Names of the folders and files below one data folder; `root` is absolute."""

    root: Path

    @classmethod
    def at(cls, folder: Path) -> Home:
        """Take a folder as the user wrote it."""
        return cls(folder.expanduser().resolve())

    @property
    def run(self) -> Path:
        """Lock and state of the town hall that is running."""
        return self.root / "run"

    @property
    def nats(self) -> NatsHome:
        """Keys, configuration and store of the message bus."""
        return NatsHome(self.root / "nats")

    @property
    def systems(self) -> Path:
        """Which other systems may send events in; edited by `rathaus system`."""
        return self.root / "systems.json"

    @property
    def clerk_key(self) -> Path:
        """The API key with which `rathaus events emit` goes through the door like any other system."""
        return self.secrets("rathaus") / "intake-key"

    @property
    def ports(self) -> Path:
        """The ports of the last start: other systems have noted them down."""
        return self.root / "ports.json"

    @property
    def documents(self) -> Path:
        """The document store of notices."""
        return self.root / "documents" / "notices"

    @property
    def letters(self) -> Path:
        """Copies of the letters for people to look at, named by reference number (Kassenzeichen)."""
        return self.root / "letters"

    @property
    def reports(self) -> Path:
        """Reports and row errors, by run."""
        return self.root / "reports"

    @property
    def provider(self) -> Path:
        """Says whether the letters of this folder are with a simulator or with a real provider."""
        return self.root / "provider"

    @property
    def relay(self) -> Path:
        """Says whether the mails of this folder go to a simulator or to people."""
        return self.root / "relay"

    @property
    def hash_key(self) -> Path:
        """The secret of notices, shared with its render workers."""
        return self.secrets("notices") / "hash-key"

    @property
    def simulator_credentials(self) -> Path:
        """Credentials for the simulated provider; a real one never sees them."""
        return self.secrets("mailgateway") / "epost-simulator.json"

    @property
    def link_key(self) -> Path:
        """The secret with which subscriptions signs the links in its mails."""
        return self.secrets("subscriptions") / "link-key"

    @property
    def appointments_key(self) -> Path:
        """The secret with which appointments signs links and challenges."""
        return self.secrets("appointments") / "link-key"

    @property
    def vapid_key(self) -> Path:
        """The private key by which push services know the town (VAPID)."""
        return self.secrets("subscriptions") / "vapid.pem"

    @property
    def cookie_key(self) -> Path:
        """The secret with which the portal signs its cookies."""
        return self.secrets("portal") / "cookie-key"

    def simulator(self, name: str) -> Path:
        """Return where a simulator keeps what it remembers."""
        return self.root / "simulators" / name

    def secrets(self, identity: str) -> Path:
        """Return the folder that holds the secrets of one process identity."""
        return self.root / "secrets" / identity

    def database(self, service: str) -> Path:
        """Return the SQLite file of a service."""
        return self.root / "db" / f"{service}.sqlite"

    def log(self, process: str) -> Path:
        """Return where a process writes its log."""
        return self.root / "logs" / f"{process}.log"

    def scratch(self, process: str) -> Path:
        """Return where a process has its temporary files."""
        return self.run / "tmp" / process

    def is_there(self) -> bool:
        """Say whether this is the folder of a town hall: it has what only provisioning makes."""
        return self.run.is_dir() and (self.root / "secrets").is_dir()

    def provision(self) -> None:
        """Make what is missing; what is there stays as it is. Two commands at once wait for each other."""
        private_folder(self.root)
        private_folder(self.run)
        with (self.run / "provision").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            self._provision()

    def _provision(self) -> None:
        for folder in (
            self.nats.folder,
            self.root / "db",
            self.root / "logs",
            self.documents,
            self.letters,
            self.reports,
            self.simulator("epost"),
            self.simulator("mail"),
        ):
            private_folder(folder)
        for caller, callee in HTTP_CALLERS:
            self._provision_token(caller, callee)
        self._provision_secrets()

    def _provision_token(self, caller: str, callee: str) -> None:
        """Give a pair its token; after a kill between the two files the first one rules."""
        sending = private_folder(self.secrets(caller)) / f"to-{callee}"
        accepting = private_folder(self.secrets(callee)) / f"from-{caller}"
        if not sending.exists():
            write_whole(sending, secrets.token_urlsafe(_SECRET_BYTES) + "\n")
        if not accepting.exists():
            write_whole(accepting, sending.read_bytes())

    def _provision_secrets(self) -> None:
        for key in (self.hash_key, self.link_key, self.appointments_key, self.cookie_key):
            if not key.exists():
                write_whole(key, secrets.token_hex(_SECRET_BYTES) + "\n")
        if not self.vapid_key.exists():
            write_whole(self.vapid_key, new_vapid_key())
        if not self.simulator_credentials.exists():
            credentials = {
                "vendorID": "SIM",
                "ekp": "1234567890",
                "secret": secrets.token_urlsafe(_SECRET_BYTES),
                "password": secrets.token_urlsafe(_SECRET_BYTES),
            }
            write_whole(self.simulator_credentials, json.dumps(credentials) + "\n")
