"""The simulated provider as a real process."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from services.mailgateway.domain.letters import Letter, LetterAddress
from services.mailgateway.gateways.epost import EpostOptions, EpostProvider
from services.mailgateway.gateways.epost_session import Credentials
from tests.mailgateway.integration.small_pdf import small_pdf
from tests.support.asking import asking

SPEED = 50.0
SENDER = "Stadt Musterstadt, Markt 1, 39999 Musterstadt"
CREDENTIALS = Credentials("SIM", "1234567890", "secret", "password")
WRONG_CREDENTIALS = replace(CREDENTIALS, password="wrong")


@dataclass
class Post:
    """One running simulator and the door behind its counter."""

    process: Process
    url: str

    def provider(self, credentials: Credentials = CREDENTIALS, *, upload_timeout: float = 120.0) -> EpostProvider:
        options = EpostOptions(min_interval=5.0 / SPEED, upload_timeout=upload_timeout)
        return EpostProvider(self.url, credentials, options=options)

    async def fault(self, kind: str, on: str = "POST /api/Letter$", **rule: Any) -> None:
        await self._control("POST", "faults", [{"kind": kind, "on": on, **rule}])

    async def release(self, *, released: bool) -> None:
        await self._control("POST", "account", {"released": released})

    async def summary(self) -> dict[str, Any]:
        return await self._control("GET", "summary")

    async def received(self) -> list[dict[str, Any]]:
        return await self._control("GET", "letters")

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()

    async def _control(self, method: str, path: str, body: Any = None) -> Any:
        async with asking(self.url, timeout=30) as client:
            response = await client.request(method, f"/_control/{path}", json=body)
            return response.raise_for_status().json()


@asynccontextmanager
async def simulated_post(folder: Path, *options: str) -> AsyncGenerator[Post]:
    arguments = ("--data", str(folder), "--port", "0", "--speed", str(SPEED), "--stage-seconds", "5,5,5", *options)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulators.epost", *arguments, stdout=PIPE, cwd=Path(__file__).parents[3]
    )
    async with asyncio.TaskGroup() as readers:
        try:
            port = await asyncio.wait_for(_port_of(process), 30)
            readers.create_task(_drain(process))
            yield Post(process, f"http://127.0.0.1:{port}")
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


def letters_of_a_wave(count: int) -> list[Letter]:
    return [_letter(uuid4(), number) for number in range(1, count + 1)]


def next_attempt(letter: Letter) -> Letter:
    return replace(letter, attempt=letter.attempt + 1)


def _letter(letter_id: UUID, number: int) -> Letter:
    address = LetterAddress(("Erika Beispiel", f"Am Teich {number}"), "39999", "Musterstadt", SENDER)
    printed = (*address.lines, "39999 Musterstadt")
    return Letter(letter_id, 1, small_pdf(SENDER, printed, f"Bescheid {number}"), address)


async def _port_of(process: Process) -> int:
    assert process.stdout is not None
    async for line in process.stdout:
        entry = json.loads(line)
        if "port" in entry:
            return int(entry["port"])
    raise RuntimeError("the simulator ended before it listened")


async def _drain(process: Process) -> None:
    assert process.stdout is not None
    async for _ in process.stdout:
        pass
