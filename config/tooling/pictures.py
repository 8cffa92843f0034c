"""Take the README's pictures anew from a demonstration that `make run` serves from this checkout.

    .venv/bin/python config/tooling/pictures.py [--port 8000]

Needs what `make test` installs, and Chromium. Words are searched for so that the queue shows an answer with hints.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
SLUG, SEARCHED = "warsaw-2016", "Estonian"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def take(base: str) -> None:
    """Write the story page and the queue into docs/pictures. The demonstration must answer at `base`."""
    said = (ROOT / "var" / "demo-access.txt").read_text(encoding="utf-8")
    facts = dict(line.split(": ", 1) for line in reversed(said.splitlines()) if ": " in line)
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 1180}, locale="en-GB")
        page.goto(f"{base}/c/{SLUG}")
        page.screenshot(path=PICTURES / "story.png")
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(f"{base}/sign-in")
        page.get_by_label("E-mail").fill(facts["email"])
        page.get_by_label("Password", exact=True).fill(facts["password"])
        page.keyboard.press("Enter")
        page.wait_for_url(f"{base}/desk**")
        page.goto(f"{base}/desk/{SLUG}/queue?q={SEARCHED}")
        page.screenshot(path=PICTURES / "queue.png")
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=8000)
    take(f"http://127.0.0.1:{parser.parse_args().port}")
