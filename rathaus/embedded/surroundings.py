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
        """A folder stays with the kind of provider it began with.

        A simulator knows nothing of letters that a real provider has; asked about them it would call them missing.
        """
        mark, kind = self._home.provider, "simulator" if self.provider_simulated else "external"
        if not mark.exists():
            write_whole(mark, kind + "\n")
        elif mark.read_text("utf-8").strip() != kind:
            raise PlanError("other_provider", home=self._home.root, variable=EXTERNAL_PROVIDER)

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
