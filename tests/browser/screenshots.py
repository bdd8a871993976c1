"""Screenshots of the main pages: `python -m tests.browser.screenshots URL FOLDER`.

Needs a running platform with the demo (`make run`). Writes each page light and dark at 1366 × 900.
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from socplatform.launch.needed import CHROMIUM
from tests.browser.chromium import QUIET

PEOPLE = "responder@acme.test"


def take(base: str, folder: Path) -> None:
    """One set for each scheme; the pages are reached as a person reaches them."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM.find()), args=QUIET)
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": 1366, "height": 900}, color_scheme=scheme
            )
            walk(context.new_page(), base, folder, scheme)
            context.close()
        browser.close()


def walk(page: Page, base: str, folder: Path, scheme: str) -> None:
    def shoot(name: str) -> None:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=folder / f"{name}-{scheme}.png")
        print(f"{name}-{scheme}.png")

    page.goto(f"{base}/admin/")
    page.get_by_label("Email").fill(PEOPLE)
    page.get_by_label("Password").fill(os.environ.get("DEMO_PASSWORD", "analyst-desk-demo"))
    page.get_by_role("button", name="Log in").click()
    shoot("now")
    page.get_by_role("link", name="Queue", exact=True).click()
    shoot("queue")
    page.goto(f"{base}/admin/soc/investigation/")
    page.locator("tr[data-row] .title a").last.click()
    shoot("investigation")
    page.locator(".small .title a").nth(3).click()
    shoot("alert")
    page.get_by_role("link", name="INC-").first.click()
    shoot("incident")


if __name__ == "__main__":
    take(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
