"""A browser that is watched on its way: console, requests to elsewhere, accessibility at two widths."""

from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request

from tests.browser import DESKTOP, PHONE, Site

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]}
ANSWERED_ANYWAY = ("status of 409", "status of 422")
"""Chromium's line for a page that came with such a status. The page is there, and is looked at."""


class Watched:
    """One page of one browser profile, and everything that went wrong in it."""

    def __init__(self, site: Site, **options: Any) -> None:
        self.site = site
        self.page: Page = site.open(**{**DESKTOP, **options}).new_page()
        self.wrong: list[str] = []
        self.looked_at: list[str] = []
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        self.page.on("request", self._on_request)

    def go(self, path: str, status: int = 200) -> None:
        """Open an address of the site."""
        response = self.page.goto(path)
        assert response is not None
        assert response.status == status, f"{path}: {response.status}"

    def fill(self, **values: str) -> None:
        """Fill fields by their names; of a list, choose by value."""
        for name, value in values.items():
            field = self.page.locator(f"[name={name}]")
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def look(
        self,
        heading: str = "",
        *,
        script: bool = True,
        widths: tuple[int, ...] = (PHONE["width"], DESKTOP["width"]),
    ) -> None:
        """Judge the page as it stands, at a phone's width and at a desk's, or at those given."""
        if heading:
            self.page.get_by_role("heading", name=heading, exact=False).first.wait_for()
        self.page.wait_for_load_state()
        before = self.page.viewport_size
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": 800})
            where = f"{urlsplit(self.page.url).path} at {width} px"
            if script:
                found = Axe().run(self.page, options=WCAG).response["violations"]
                self.wrong += [
                    f"{where}: {item['id']} {[node['target'] for node in item['nodes']]}" for item in found
                ]
            wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if wide > 0:
                self.wrong.append(f"{where}: {wide} px wider than the window")
            self.looked_at.append(where)
        self.page.set_viewport_size(before or DESKTOP)  # type: ignore[arg-type]

    def press(self, name: str) -> None:
        """Press the first button of that name and wait for what it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).first.click()

    def follow(self, name: str) -> None:
        """Follow the first link of that name."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).first.click()

    def close(self) -> None:
        """End the visit. Nothing may have gone wrong on the way."""
        self.page.context.close()
        assert self.wrong == []

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(s in message.text for s in ANSWERED_ANYWAY):
            self.wrong.append(f"console: {message.text}")

    def _on_request(self, request: Request) -> None:
        if request.url.startswith(("data:", "blob:")):
            return
        if not request.url.startswith(self.site.address):
            self.wrong.append(f"request to elsewhere: {request.url}")
