"""Public holidays of Saxony-Anhalt (gesetzliche Feiertage, § 2 FeiertG LSA).

Worked out here from Easter: the library of all holidays knows 250 other countries too, and takes 11 MB in each process
for that. A test compares the two.
"""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.easter import easter

_FIXED = {
    (1, 1): "Neujahr",
    (1, 6): "Heilige Drei Könige",
    (5, 1): "Erster Mai",
    (10, 3): "Tag der Deutschen Einheit",
    (10, 31): "Reformationstag",
    (12, 25): "Erster Weihnachtstag",
    (12, 26): "Zweiter Weihnachtstag",
}
_FROM_EASTER = {-2: "Karfreitag", 1: "Ostermontag", 39: "Christi Himmelfahrt", 50: "Pfingstmontag"}
"""Days after Easter Sunday."""


def holidays_of(year: int) -> dict[date, str]:
    """Return the holidays of a year and their names, in order."""
    sunday = easter(year)
    found = {date(year, month, day): name for (month, day), name in _FIXED.items()}
    found |= {sunday + timedelta(days=after): name for after, name in _FROM_EASTER.items()}
    return dict(sorted(found.items()))
