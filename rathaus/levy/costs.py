"""The old way beside the new one: what printing, folding and franking in the town hall cost, and who did what."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from rathaus.levy.models import Counts

_CENT = Decimal("0.01")
_MINUTES = 60
_OLD_STEPS_PER_LETTER = 4
_OLD_STEPS_PER_RUN = 2
_NEW_STEPS_PER_RUN = 3


class OldWay(BaseSettings):
    """Prices of the old way in EUR; set RATHAUS_OLD_WAY_<NAME> to change one."""

    model_config = SettingsConfigDict(frozen=True, env_prefix="RATHAUS_OLD_WAY_")

    postage: Decimal = Field(default=Decimal("0.81"), ge=0, description="one letter")
    envelope: Decimal = Field(default=Decimal("0.05"), ge=0, description="one envelope")
    sheet: Decimal = Field(default=Decimal("0.015"), ge=0, description="one sheet of paper")
    ink: Decimal = Field(default=Decimal("0.03"), ge=0, description="one printed page")
    minutes_per_letter: Decimal = Field(default=Decimal("2.0"), ge=0, description="work on one letter")
    hourly_wage: Decimal = Field(default=Decimal("38.00"), ge=0, description="one hour of work")

    def cost(self, *, letters: int, pages: int, sheets: int) -> Decimal:
        """Return what these letters would have cost, to the cent."""
        work = self.minutes_per_letter / _MINUTES * self.hourly_wage
        total = letters * (self.postage + self.envelope + work) + sheets * self.sheet + pages * self.ink
        return total.quantize(_CENT, ROUND_HALF_UP)


class ManualSteps(BaseModel):
    """Steps that a person takes by hand.

    Old: print, fold, put into an envelope and frank each letter; start the mail merge; carry the lot to the post.
    New: hand in the file, look at the samples, release by a second person; one look at each account held back, each
    notice that could not be drawn and each letter refused or unclear. Accounts held back are work on both ways.
    """

    model_config = ConfigDict(frozen=True)

    old: int
    new: int


def manual_steps(counts: Counts) -> ManualSteps:
    """Count the steps of a run on both ways."""
    exceptions = counts.render_failed + counts.failed + counts.unclear
    return ManualSteps(
        old=_OLD_STEPS_PER_RUN + _OLD_STEPS_PER_LETTER * counts.rendered + counts.held_back,
        new=_NEW_STEPS_PER_RUN + counts.held_back + exceptions,
    )
