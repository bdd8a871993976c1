"""Every page that can be reached by links from the first one, with the demo's data: sound in light
and in dark.
"""

from collections import deque
from urllib.parse import urldefrag, urlsplit

import pytest
from django.urls import Resolver404, resolve

from core.models import Person
from tests.demo.conftest import PASSWORD, load

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Downloads, and the way out.
LEFT_ALONE = ("logout", "jsi18n", "_file", "_cacao", "_export", "_csv")
DARK = "document.documentElement.classList.add('dark')"


def kind_of(url):
    """The name of a page of the desk; None for what is none, or no page."""
    parts = urlsplit(url)
    if not parts.path.startswith("/admin/") or "as=csv" in parts.query:
        return None
    try:
        found = resolve(parts.path).view_name
    except Resolver404:
        return None
    return None if found.endswith(LEFT_ALONE) else found


def links_of(page):
    given = "one.getAttribute('href') || one.dataset.href"
    script = f"all => all.map(one => new URL({given}, location).href)"
    hrefs = page.eval_on_selector_all("a[href], [data-href]", script)
    return [urldefrag(href).url for href in hrefs]


@pytest.fixture
def demo(transactional_db, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    load()


def test_every_page_is_sound_in_light_and_dark(desk, demo):
    page = desk.page
    desk.sign_in(Person.objects.get(email="admin@acme.test"), password=PASSWORD)
    seen, told, waiting = set(), [], deque([f"{desk.base}/admin/"])
    while waiting:
        url = waiting.popleft()
        kind = kind_of(url)
        if kind is None or kind in seen:
            continue
        seen.add(kind)
        page.goto(url)
        told += desk.troubles()
        page.evaluate(DARK)
        told += desk.inaccessible("color-contrast")
        waiting.extend(links_of(page))
    assert told == [], "\n".join(told)
    assert len(seen) > 40
