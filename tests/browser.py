"""A real browser against a real server, where Chromium is installed; elsewhere its tests are listed as skipped."""

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from werkzeug.serving import make_server

from consult.web.transactions import TransactionalFlask

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1440, "height": 900}
expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium: install Debian's chromium, or run `make test` as root")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Site:
    """The application, served on a port of this machine."""

    address: str
    browser: Browser

    def open(self, *, width: int = 1440, height: int = 900, **options: Any) -> BrowserContext:
        """A fresh browser profile that fails on any request to elsewhere."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, base_url=self.address, locale="en-GB", **options
        )
        context.set_default_timeout(10_000)
        return context


@pytest.fixture
def site(app: TransactionalFlask, chromium: Browser) -> Iterator[Site]:
    """The application of this test behind a real server."""
    os.environ.setdefault("WERKZEUG_RUN_MAIN", "true")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", chromium)
    server.shutdown()
    thread.join(timeout=5)
    server.server_close()
