"""The world around the embedded town hall: a simulator for each part of it that the operator has not named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rathaus.embedded.doors import HOST, Doors
from rathaus.embedded.files import write_whole
from rathaus.embedded.home import Home

EPOST = "epost-simulator"
MAIL = "mail-simulator"
WEATHER = "weather-simulator"
EXTERNAL_PROVIDER = "MAILGATEWAY_EPOST_URL"
EXTERNAL_RELAY = "SUBSCRIPTIONS_MAIL_RELAY"
EXTERNAL_WEATHER = "SUBSCRIPTIONS_WEATHER_URL"
_EXTERNAL_CREDENTIALS = "MAILGATEWAY_EPOST_CREDENTIALS_FILE"
_PORTAL_URL = "PORTAL_PUBLIC_URL"
_MAIL_FROM = "SUBSCRIPTIONS_MAIL_FROM"
SIMULATOR_SPEED = 20
"""The simulated provider's clock, and with it the gateway's intervals, run this much faster."""
SIMULATOR_STAGE_SECONDS = "20,40,100"
_SMTP = "mail-simulator-smtp"


class PlanError(Exception):
    """The environment asks for something that must not be started; the text is a key of `rathaus.words`."""

    def __init__(self, key: str, **values: object) -> None:
        """Keep what to tell."""
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class Simulator:
    """A simulator to be started; each is ready when `/_control/summary` answers."""

    name: str
    module: str
    arguments: Mapping[str, object]
    fd: int


class Surroundings:
    """What stands around one town hall, simulated or real."""

    def __init__(self, home: Home, doors: Doors, environment: Mapping[str, str]) -> None:
        """Open nothing yet; PlanError when the environment does not fit the folder."""
        self._home = home
        self._doors = doors
        self._environment = environment
        self._simulated = {
            EPOST: EXTERNAL_PROVIDER not in environment,
            MAIL: EXTERNAL_RELAY not in environment,
            WEATHER: EXTERNAL_WEATHER not in environment,
        }
        if not self.provider_simulated and _EXTERNAL_CREDENTIALS not in environment:
            raise PlanError("no_credentials", variable=_EXTERNAL_CREDENTIALS)
        if not self._simulated[MAIL]:
            _check_what_people_get(environment)
        self._keep_worlds_apart()

    @property
    def provider_simulated(self) -> bool:
        """Whether letters go to a simulator."""
        return self._simulated[EPOST]

    @property
    def names(self) -> tuple[str, ...]:
        """The simulators that are started."""
        return tuple(name for name, simulated in self._simulated.items() if simulated)

    def _keep_worlds_apart(self) -> None:
        """A folder stays with the kind of provider and of relay it began with.

        A simulator knows nothing of letters that a real provider has; asked about them it would call them missing.
        Whoever subscribed in the simulated inbox has proved nothing: the address may be anybody's. And those who
        subscribed in earnest would hear nothing if their mails went to the simulator one day.
        """
        home = self._home
        worlds = (
            (home.provider, self.provider_simulated, "other_provider", {"variable": EXTERNAL_PROVIDER}),
            (home.relay, self._simulated[MAIL], "other_relay", {"variable": EXTERNAL_RELAY, "mark": home.relay}),
        )
        for mark, simulated, key, values in worlds:
            if mark.exists() and mark.read_text("utf-8").strip() != _kind(simulated=simulated):
                raise PlanError(key, home=home.root, **values)
        for mark, simulated, _key, _values in worlds:
            if not mark.exists():
                write_whole(mark, _kind(simulated=simulated) + "\n")

    def simulators(self) -> list[Simulator]:
        """Open the doors of the simulators and say how each is started."""
        made = {EPOST: self._epost, MAIL: self._mail, WEATHER: self._weather}
        return [made[name](self._doors.open(name)) for name in self.names]

    def _epost(self, fd: int) -> Simulator:
        arguments = {
            "--data": self._home.simulator("epost"),
            "--fd": fd,
            "--speed": SIMULATOR_SPEED,
            "--stage-seconds": SIMULATOR_STAGE_SECONDS,
            "--credentials": self._home.simulator_credentials,
        }
        return Simulator(EPOST, "simulators.epost", arguments, fd)

    def _mail(self, fd: int) -> Simulator:
        port = self._doors.reserve(_SMTP)
        arguments = {"--data": self._home.simulator("mail"), "--smtp-port": port, "--fd": fd}
        return Simulator(MAIL, "simulators.mail", arguments, fd)

    def _weather(self, fd: int) -> Simulator:
        return Simulator(WEATHER, "simulators.weather", {"--fd": fd}, fd)

    def for_mailgateway(self) -> dict[str, str]:
        """Return what the mail gateway is told of its provider; a real one begins in test mode."""
        if not self.provider_simulated:
            return {"MAILGATEWAY_EPOST_TEST_MODE": "true"}
        return {
            EXTERNAL_PROVIDER: self._doors.url(EPOST),
            _EXTERNAL_CREDENTIALS: str(self._home.simulator_credentials),
            "MAILGATEWAY_EPOST_TEST_MODE": "false",
            "MAILGATEWAY_TIME_FACTOR": str(SIMULATOR_SPEED),
        }

    def for_subscriptions(self) -> dict[str, str]:
        """Return where mails go and the weather comes from, as far as it is simulated.

        Without a relay that somebody has named, no mail leaves this machine.
        """
        relay = {EXTERNAL_RELAY: f"{HOST}:{self._doors.port(_SMTP)}"} if self._simulated[MAIL] else {}
        weather = {EXTERNAL_WEATHER: self._doors.url(WEATHER)} if self._simulated[WEATHER] else {}
        return relay | weather

    def for_appointments(self) -> dict[str, str]:
        """Return where its mails go: the simulated relay, or the same real one as all mails, in the same way."""
        if self._simulated[MAIL]:
            return {"APPOINTMENTS_MAIL_RELAY": f"{HOST}:{self._doors.port(_SMTP)}"}
        return {
            f"APPOINTMENTS_{name}": self._environment[f"SUBSCRIPTIONS_{name}"]
            for name in ("MAIL_RELAY", "MAIL_TLS", "MAIL_USER", "MAIL_PASSWORD_FILE", "MAIL_FROM")
            if f"SUBSCRIPTIONS_{name}" in self._environment
        }


def _kind(*, simulated: bool) -> str:
    return "simulator" if simulated else "external"


def _check_what_people_get(environment: Mapping[str, str]) -> None:
    """Mails to people name their sender, and their links open: a mail that nobody can unsubscribe from is unlawful."""
    if not environment.get(_PORTAL_URL, "").startswith("https://"):
        raise PlanError("relay_without_portal", relay=EXTERNAL_RELAY, variable=_PORTAL_URL)
    if "@" not in environment.get(_MAIL_FROM, ""):
        raise PlanError("relay_without_sender", relay=EXTERNAL_RELAY, variable=_MAIL_FROM)
