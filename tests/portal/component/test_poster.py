"""The poster as a printer gets it."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from tests.portal.component.town import POOL, Town, portal_process
from tests.support.nats import Bus

CHROMIUM = shutil.which("chromium")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
async def test_the_poster_is_one_page_whose_code_leads_to_the_pool(bus: Bus, town: Town, tmp_path: Path) -> None:
    printed = tmp_path / "poster.pdf"
    async with portal_process(bus, tmp_path, f"http://127.0.0.1:{town.subscriptions.port}") as url:
        command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/browser"]
        command += ["--no-pdf-header-footer", f"--print-to-pdf={printed}", f"{url}/bad/{POOL}/plakat"]
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        async with asyncio.timeout(60):
            await process.wait()

    with pypdfium2.PdfDocument(printed) as document:
        pages, sheet = len(document), document[0]
        width, height = sheet.get_size()
        picture = sheet.render(scale=2).to_numpy()
    (code,) = zxingcpp.read_barcodes(picture)
    assert pages == 1
    assert (round(width), round(height)) == (595, 842)
    assert code.text == f"{url}/bad/{POOL}"
