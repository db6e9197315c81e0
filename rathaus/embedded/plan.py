"""Which processes make up the embedded town hall, and what each is told."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chassis.nats_server import server_binary
from contracts.systems import read_systems
from rathaus.embedded.doors import HOST, Doors
from rathaus.embedded.home import Home
from rathaus.embedded.processes import ProcessPlan
from rathaus.embedded.surroundings import Simulator, Surroundings

NATS = "nats-server"
_MONITOR = "nats-monitor"
_TOWN = "15090546"
_BUS_STAGE, _SERVICE_STAGE, _WORKER_STAGE = range(3)
SERVICES = ("notices", "accounts", "mailgateway", "intake", "subscriptions", "appointments")
"""Services with a database of their own."""
CARETAKER_PROCESS = "caretaker"
PORTAL = "portal"
THRIFT = {"MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}


@dataclass(frozen=True, slots=True)
class Plan:
    """All processes of one town hall and where they are reached."""

    processes: tuple[ProcessPlan, ...]
    addresses: Mapping[str, str]
    portal_url: str
    """Where citizens find the portal: behind a reverse proxy another place than its address here."""
    nats_url: str
    reconfigure_bus: Callable[[], bool]
    """Write the server's configuration anew; says whether it has changed, so that the server must be restarted."""
    simulated: bool


def make_plan(home: Home, doors: Doors, environment: Mapping[str, str]) -> Plan:
    """Open the doors and plan the processes; what the operator has set for a service wins over our defaults."""
    return _Planning(home, doors, environment).plan()


class _Planning:
    def __init__(self, home: Home, doors: Doors, environment: Mapping[str, str]) -> None:
        self._home = home
        self._doors = doors
        self._environment = environment
        self._around = Surroundings(home, doors, environment)

    def plan(self) -> Plan:
        processes = [self._nats()]
        # The caretaker goes first: everybody waits for the topology.
        names = (CARETAKER_PROCESS, *SERVICES, PORTAL)
        fds = {name: self._doors.open(name) for name in names}
        processes += [self._simulator(each) for each in self._around.simulators()]
        more = {
            CARETAKER_PROCESS: {"CARETAKER_SYSTEMS_FILE": str(self._home.systems)},
            "notices": self._for_notices(),
            "mailgateway": {"MAILGATEWAY_NOTICES_URL": self._doors.url("notices"), **self._around.for_mailgateway()},
            "intake": {"INTAKE_SYSTEMS_FILE": str(self._home.systems)},
            "subscriptions": self._for_subscriptions(),
            "appointments": self._for_appointments(),
            PORTAL: self._for_portal(),
        }
        processes += [self._service(name, fds[name], more.get(name, {})) for name in names]
        processes += [self._worker(number) for number in range(1, _workers(self._environment) + 1)]
        return Plan(
            processes=tuple(processes),
            addresses={name: self._doors.url(name) for name in (*names, *self._around.names)},
            portal_url=self._portal_url,
            nats_url=self._nats_url,
            reconfigure_bus=self._configure_bus,
            simulated=self._around.provider_simulated,
        )

    @property
    def _nats_url(self) -> str:
        return f"nats://{HOST}:{self._doors.port(NATS)}"

    def _nats(self) -> ProcessPlan:
        self._doors.reserve(NATS)
        self._doors.reserve(_MONITOR)
        self._configure_bus()
        return self._process(
            NATS,
            (str(server_binary()), "--config", str(self._home.nats.config)),
            stage=_BUS_STAGE,
            ready_url=f"{self._doors.url(_MONITOR)}/healthz",
        )

    def _configure_bus(self) -> bool:
        config = self._home.nats.config
        before = config.read_bytes() if config.exists() else b""
        ports = {"port": self._doors.port(NATS), "monitor_port": self._doors.port(_MONITOR)}
        self._home.nats.prepare(**ports, host=HOST, systems=read_systems(self._home.systems))
        return config.read_bytes() != before

    def _simulator(self, simulator: Simulator) -> ProcessPlan:
        return self._process(
            simulator.name,
            tuple(str(part) for pair in simulator.arguments.items() for part in pair),
            module=simulator.module,
            stage=_BUS_STAGE,
            ready_url=f"{self._doors.url(simulator.name)}/_control/summary",
            fds=(simulator.fd,),
        )

    def _service(self, name: str, fd: int, more: Mapping[str, str]) -> ProcessPlan:
        prefix = name.upper()
        database = {f"{prefix}_DATABASE_URL": f"sqlite+aiosqlite:///{self._home.database(name)}"}
        defaults = {
            **(database if name in SERVICES else {}),
            f"{prefix}_TOKENS_DIR": str(self._home.secrets(name)),
            **self._on_the_bus(prefix, name),
            **more,
        }
        return self._process(
            name,
            module=f"services.{name}.main",
            stage=_SERVICE_STAGE,
            ready_url=f"{self._doors.url(name)}/readyz",
            fds=(fd,),
            environment={**defaults, **self._environment, f"{prefix}_HTTP_FD": str(fd)},
        )

    def _worker(self, number: int) -> ProcessPlan:
        name = f"render-{number}"
        fd = self._doors.open(name)
        defaults = {
            **self._on_the_bus("RENDER", "notices_render"),
            "RENDER_DOCUMENTS_URL": self._documents_url,
            "RENDER_HASH_KEY_FILE": str(self._home.hash_key),
        }
        return self._process(
            name,
            module="services.notices.worker",
            stage=_WORKER_STAGE,
            ready_url=f"{self._doors.url(name)}/readyz",
            fds=(fd,),
            environment={**defaults, **self._environment, "RENDER_HTTP_FD": str(fd)},
            recycles=True,
        )

    @property
    def _documents_url(self) -> str:
        # The workers write what the service reads: one setting rules both.
        return self._environment.get("NOTICES_DOCUMENTS_URL", self._home.documents.as_uri())

    def _for_notices(self) -> dict[str, str]:
        return {
            "NOTICES_DOCUMENTS_URL": self._documents_url,
            "NOTICES_HASH_KEY_FILE": str(self._home.hash_key),
            "NOTICES_MAILGATEWAY_URL": self._doors.url("mailgateway"),
            "NOTICES_INTAKE_URL": self._doors.url("intake"),
        }

    def _for_subscriptions(self) -> dict[str, str]:
        return {
            "SUBSCRIPTIONS_PORTAL_URL": self._portal_url,
            "SUBSCRIPTIONS_KEY_FILE": str(self._home.link_key),
            "SUBSCRIPTIONS_VAPID_KEY_FILE": str(self._home.vapid_key),
            **self._around.for_subscriptions(),
            **self._named("SUBSCRIPTIONS_TOWN_NAME", "PORTAL_TOWN_NAME"),
        }

    def _for_appointments(self) -> dict[str, str]:
        return {
            "APPOINTMENTS_PORTAL_URL": self._portal_url,
            "APPOINTMENTS_KEY_FILE": str(self._home.appointments_key),
            **self._around.for_appointments(),
            **self._named("APPOINTMENTS_TOWN_NAME", "PORTAL_TOWN_NAME"),
        }

    def _for_portal(self) -> dict[str, str]:
        return {
            "PORTAL_PUBLIC_URL": self._portal_url,
            "PORTAL_KEY_FILE": str(self._home.cookie_key),
            "PORTAL_SUBSCRIPTIONS_URL": self._doors.url("subscriptions"),
            "PORTAL_ACCOUNTS_URL": self._doors.url("accounts"),
            "PORTAL_APPOINTMENTS_URL": self._doors.url("appointments"),
        }

    @property
    def _portal_url(self) -> str:
        # Links in mails lead to where citizens find the portal: one setting rules both.
        return self._environment.get("PORTAL_PUBLIC_URL", self._doors.url(PORTAL)).rstrip("/")

    def _named(self, name: str, same_as: str) -> dict[str, str]:
        """What people consent to names the town as the portal does."""
        return {name: self._environment[same_as]} if same_as in self._environment else {}

    def _on_the_bus(self, prefix: str, identity: str) -> dict[str, str]:
        return {
            f"{prefix}_NATS_URL": self._nats_url,
            f"{prefix}_NATS_SEED_FILE": str(self._home.nats.seed_file(identity)),
            f"{prefix}_TOWN": town_of(self._environment),
        }

    def _process(  # noqa: PLR0913 - the fields of a plan, by name
        self,
        name: str,
        command: tuple[str, ...] = (),
        *,
        module: str | None = None,
        stage: int,
        ready_url: str,
        fds: tuple[int, ...] = (),
        environment: Mapping[str, str] | None = None,
        recycles: bool = False,
    ) -> ProcessPlan:
        return ProcessPlan(
            name=name,
            command=command,
            module=module,
            environment={**THRIFT, **(environment or self._environment)},
            log=self._home.log(name),
            scratch=self._home.scratch(name),
            stage=stage,
            ready_url=ready_url,
            fds=fds,
            recycles=recycles,
        )


def town_of(environment: Mapping[str, str]) -> str:
    """Return the town's key (AGS)."""
    return environment.get("RATHAUS_TOWN", _TOWN)


def _workers(environment: Mapping[str, str]) -> int:
    """One render worker for each core that we may use, or as many as the operator says."""
    return int(environment.get("RATHAUS_RENDER_WORKERS", len(os.sched_getaffinity(0))))
