"""A real Chromium against a real server; what the browser complains of fails the test."""

import os

import pytest
from playwright.sync_api import sync_playwright

from socplatform.launch.needed import CHROMIUM
from tests import factories
from tests.browser.chromium import QUIET

# Playwright keeps an event loop in this thread; Django would take every query for an async one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM.find()), args=QUIET)
        yield browser
        browser.close()


class Desk:
    """A person at the desk: a page, and what went wrong on it."""

    def __init__(self, page, base):
        self.page, self.base, self.faults = page, base, []
        page.on("console", self.heard)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", self.asked)

    def heard(self, message):
        if message.type == "error":
            self.faults.append(message.text)

    def asked(self, request):
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.faults.append(f"asked another host: {request.url}")

    def sign_in(self, person):
        self.page.goto(f"{self.base}/admin/")
        self.page.get_by_label("Email").fill(person.email)
        self.page.get_by_label("Password").fill(factories.PASSWORD)
        self.page.get_by_role("button", name="Log in").click()

    def no_sideways_scroll(self):
        script = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        return self.page.evaluate(script)


@pytest.fixture
def desk(chromium, live_server):
    context = chromium.new_context(viewport={"width": 1366, "height": 900})
    context.set_default_timeout(20_000)
    desk = Desk(context.new_page(), live_server.url)
    yield desk
    context.close()
    assert desk.faults == []
