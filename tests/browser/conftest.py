"""A real Chromium against a real server; what the browser complains of fails the test."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
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


@pytest.fixture
def acme(transactional_db):
    """A tenant with its people and nothing else; a module with more in it makes its own."""
    return factories.make_tenant("acme")


# WCAG 2.2 AA and what it builds on, and axe-core's advice on good pages.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
AXE = Axe()
TELL_OF_POLICY = """
addEventListener("securitypolicyviolation", (event) =>
    console.error(`content policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`))
"""
# Cells of a row whose style makes it something else stand one below the other.
BROKEN_ROWS = """
[...document.querySelectorAll("td, th")].filter(one => one.checkVisibility()
    && getComputedStyle(one.parentElement).display != "table-row")
    .map(one => one.outerHTML.slice(0, 160))"""


class Desk:
    """A person at the desk: a page, and what went wrong on it."""

    def __init__(self, page, base):
        self.page, self.base, self.faults = page, base, []
        page.add_init_script(TELL_OF_POLICY)
        page.on("console", self.heard)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", self.asked)

    def heard(self, message):
        if message.type == "error":
            self.faults.append(message.text)

    def asked(self, request):
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.faults.append(f"asked another host: {request.url}")

    def sign_in(self, person, password=factories.PASSWORD):
        self.page.goto(f"{self.base}/admin/")
        self.answer_sign_in(person, password)

    def answer_sign_in(self, person, password=factories.PASSWORD):
        """Fill in the form that stands on the page."""
        self.page.get_by_label("Email").fill(person.email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Log in").click()

    def sound(self):
        """The page as it stands: open to all, quiet, and no wider than the screen."""
        assert self.troubles() == []

    def troubles(self):
        """What is not as it should be on this page, a line each."""
        self.page.wait_for_load_state("networkidle")
        told = self.inaccessible(*RULES) + self.faults
        self.faults.clear()
        if not self.no_sideways_scroll():
            told.append("scrolls sideways")
        told += [f"a row that is none: {row}" for row in self.page.evaluate(BROKEN_ROWS)]
        return [f"{self.page.url} {each}" for each in told]

    def inaccessible(self, *rules):
        """What axe-core finds, by rules or sets of rules."""
        found = AXE.run(self.page, options={"runOnly": list(rules), "resultTypes": ["violations"]})
        return [
            f"{each['id']}: {node['target'][0]} {node['html'][:160]} {node['failureSummary']}"
            for each in found.response["violations"]
            for node in each["nodes"]
        ]

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
