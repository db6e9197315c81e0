"""Push messages for attendants: the script of the page subscribes, we hand it on."""

from __future__ import annotations

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.errors import DependencyDown
from chassis.http import Endpointed
from services.portal.api.forms import complaint
from services.portal.api.push import Wish
from services.portal.api.staff_door import StaffDoor
from services.portal.api.staff_pool import pool_of
from services.portal.gateways.calls import Refused
from services.portal.gateways.staff import Device
from services.portal.web.doors import limited, small

_LARGEST = 8 * 1024


def routes(door: StaffDoor) -> list[Endpointed]:
    """State the address of the script."""
    site = door.site

    async def subscribe(request: Request, device: Device) -> Response:
        limited(site, request, site.signups)
        topic = f"staff.{pool_of(request, device)}"
        small(request, largest=_LARGEST)
        try:
            wish = Wish.model_validate_json(await request.body())
            await site.people.subscribe_push({**wish.model_dump(exclude={"places"}), "topics": [topic], "staff": True})
        except ValidationError:
            return _no(site.pages.say(request).text("people.push_unreadable"), 422)
        except Refused as refused:
            return _no(complaint(refused.body), 422)
        except DependencyDown:
            return _no(site.pages.say(request).text("people.push_away"), 503)
        address = f"/dienst/bad/{request.path_params['pool']}?getan=push"
        return JSONResponse({"preferences": address}, status_code=201, headers={"Cache-Control": "no-store"})

    return door.page("POST", "/dienst/bad/{pool}/push", subscribe, "attendant")


def _no(said: str, status: int) -> Response:
    return JSONResponse({"error": said}, status_code=status, headers={"Cache-Control": "no-store"})
