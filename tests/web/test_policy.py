"""What a page may load and run is said with every page."""

import os
import subprocess
import sys

import pytest
from django.test import Client

from tests.web.test_desk import signed_in

PAGES = (
    "/admin/login/",
    "/admin/",
    "/admin/soc/alert/",
    "/admin/nonsense/",
    "/api/v1/explorer",
    "/api/v1/soc/alerts?format=api",
)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_runs_that_is_no_file_of_this_host(acme, path):
    client = Client() if "login" in path else signed_in(acme)
    page = client.get(path, headers={"accept": "text/html"})
    policy = dict(part.strip().split(" ", 1) for part in page["Content-Security-Policy"].split(";"))

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self' 'unsafe-eval'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert {"camera=()", "microphone=()"} <= set(page["Permissions-Policy"].split(", "))
    text = page.content.decode()
    assert 'style="' not in text
    assert "<script>" not in text
    assert " onclick=" not in text


@pytest.mark.parametrize(("tls", "prefix"), [("1", "__Host-"), ("0", "")])
def test_behind_tls_cookies_are_of_this_host_alone(tls, prefix):
    asked = (
        "from socplatform import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"
    )
    env = os.environ | {"BEHIND_TLS": tls}

    told = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, check=True)

    assert told.stdout.decode().split() == [f"{prefix}sessionid", f"{prefix}csrftoken"]
