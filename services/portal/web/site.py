"""What the pages of this service share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from services.portal.gateways.calls import Calls
from services.portal.gateways.people import People
from services.portal.gateways.subscriptions import Subscriptions
from services.portal.settings import PortalSettings
from services.portal.web.board import Boards
from services.portal.web.cookies import Cookies
from services.portal.web.limits import Limit
from services.portal.web.pages import Pages
from services.portal.web.statics import Statics


@dataclass(frozen=True)
class Site:
    """Built once in `main`, given to every module of pages."""

    settings: PortalSettings
    pages: Pages
    statics: Statics
    cookies: Cookies
    boards: Boards
    subscriptions: Subscriptions
    people: People
    accounts: Calls
    appointments: Calls
    now: Callable[[], datetime]
    signups: Limit = field(default_factory=lambda: Limit(burst=10, seconds=60))
    pins: Limit = field(default_factory=lambda: Limit(burst=20, seconds=20))
