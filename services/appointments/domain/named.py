"""Find offices, resources and services by their code or by the name that people know."""

from __future__ import annotations

from collections.abc import Iterable

from services.appointments.domain.master_data import MasterData, Office, Resource, Service
from services.appointments.domain.table_file import RowError


def office_of(master: MasterData, text: str) -> Office:
    """Return an office; RowError names those there are."""
    wanted = _key(text)
    for each in master.offices.values():
        if wanted in {each.code, _key(each.name)}:
            return each
    raise RowError(f"Diese Dienststelle gibt es nicht. Es gibt: {_listed(master.offices)}.")


def resource_of(master: MasterData, office: Office, text: str) -> Resource:
    """Return a resource of an office; RowError names those there are."""
    wanted, there = _key(text), master.of_office(office.code)
    for each in there:
        if wanted in {each.code, _key(each.name)}:
            return each
    known = _listed(each.code for each in there)
    raise RowError(f"In „{office.name}“ gibt es nicht alle diese Schalter oder Räume. Es gibt: {known}.")


def service_of(master: MasterData, text: str) -> Service | None:
    """Return a service; None when there is none of that name."""
    wanted = _key(text)
    for each in master.services.values():
        if wanted in {each.code, _key(each.name.de)}:
            return each
    return None


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(codes)
