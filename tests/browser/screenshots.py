"""Screenshots of the ten main pages: `python -m tests.browser.screenshots URL FOLDER`.

Needs a running platform with the demo (`make run`). Writes each page light and dark at 1366 × 900.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from socplatform.launch.needed import CHROMIUM
from tests.browser.chromium import QUIET

SIZE = {"width": 1366, "height": 900}
Shoot = Callable[[str], None]


def take(base: str, folder: Path) -> None:
    """One set for each scheme; the pages are reached as a person reaches them."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM.find()), args=QUIET)
        for scheme in ("light", "dark"):
            for who, walk in (
                ("responder@acme.test", desk),
                ("compliance@acme.test", duties),
                ("mssp@watch.test", tenants),
            ):
                walk_as(browser, base, folder, scheme, who, walk)
        browser.close()


def walk_as(
    browser: Browser,
    base: str,
    folder: Path,
    scheme: str,
    who: str,
    walk: Callable[[Page, str, Shoot], None],
) -> None:
    """Sign in as one of the demo's people, and walk."""
    context = browser.new_context(viewport=SIZE, color_scheme=scheme)
    page = context.new_page()

    def shoot(name: str) -> None:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=folder / f"{name}-{scheme}.png")
        print(f"{name}-{scheme}.png")

    page.goto(f"{base}/admin/")
    page.get_by_label("Email").fill(who)
    page.get_by_label("Password").fill(os.environ.get("DEMO_PASSWORD", "analyst-desk-demo"))
    page.get_by_role("button", name="Log in").click()
    page.wait_for_load_state("networkidle")
    walk(page, f"{base}/admin", shoot)
    context.close()


def desk(page: Page, admin: str, shoot: Shoot) -> None:
    shoot("now")
    page.get_by_role("link", name="Queue", exact=True).click()
    shoot("queue")
    page.goto(f"{admin}/soc/investigation/")
    page.locator("tr[data-row] .title a").last.click()
    shoot("investigation")
    page.locator("#alerts .title a").nth(3).click()
    shoot("alert")
    page.goto(f"{admin}/soc/playbook/")
    page.locator("tr[data-row] .title a").first.click()
    shoot("playbook")
    page.goto(f"{admin}/numbers/")
    shoot("numbers")
    page.goto(f"{admin}/attack/")
    shoot("attack")


def duties(page: Page, admin: str, shoot: Shoot) -> None:
    page.goto(f"{admin}/grc/incident/")
    page.locator("tr[data-row] .title a").first.click()
    shoot("incident")
    page.get_by_role("link", name="Open draft").first.click()
    shoot("submission")


def tenants(page: Page, admin: str, shoot: Shoot) -> None:
    page.goto(f"{admin}/tenants/")
    shoot("tenants")


if __name__ == "__main__":
    take(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
