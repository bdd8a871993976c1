"""Alertmanager's own binary sends to the running server."""

import json
import socket
import subprocess
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from core import tenancy
from core.services import applications
from soc.models import Alert
from socplatform.launch.needed import ALERTMANAGER
from tests.launch.checkout import eventually

CONFIG = """
route:
  receiver: soc
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 1s
receivers:
  - name: soc
    webhook_configs:
      - url: {url}/api/v1/soc/intake/alertmanager
        send_resolved: true
        http_config:
          authorization:
            credentials: {key}
"""
START = datetime.now(UTC) - timedelta(minutes=5)  # noqa: TID251 - Alertmanager's own clock
ALERT = {
    "labels": {"alertname": "DiskFull", "severity": "critical", "instance": "web-01:9100"},
    "annotations": {"summary": "The disk of web-01 is full"},
    "startsAt": START.isoformat(),
}


@pytest.fixture
def key(acme):
    with tenancy.tenant_scope(acme.tenant.pk), transaction.atomic():
        made = applications.create(
            "alertmanager", actor=acme.actor(), scopes=["soc:ingest"], sources=["alertmanager"]
        )
    return made.bearer


@pytest.fixture
def manager(live_server, key, tmp_path):
    """The address of an Alertmanager that sends to our server."""
    (tmp_path / "config.yml").write_text(CONFIG.format(url=live_server.url, key=key))
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [
        str(ALERTMANAGER.find()),
        f"--config.file={tmp_path / 'config.yml'}",
        f"--storage.path={tmp_path / 'data'}",
        f"--web.listen-address={address}",
        "--cluster.listen-address=",
    ]
    with (tmp_path / "log").open("wb") as log:
        child = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        eventually(lambda: _ready(address))
        yield address
    finally:
        child.terminate()
        child.wait(10)


def _ready(address):
    try:
        with urllib.request.urlopen(f"http://{address}/-/ready", timeout=1):
            return True
    except OSError:
        return False


def tell(address, **more):
    """Post the alert to Alertmanager, as Prometheus does."""
    body = json.dumps([ALERT | more]).encode()
    request = urllib.request.Request(
        f"http://{address}/api/v2/alerts", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=5):  # noqa: S310
        pass


def test_its_alerts_arrive_are_resolved_and_a_replay_makes_none(manager, acme):
    def rows():
        with tenancy.tenant_scope(acme.tenant.pk), transaction.atomic():
            return list(Alert.objects.all())

    tell(manager)
    eventually(lambda: rows() and rows()[0].duplicate_count > 0)
    [firing] = rows()
    tell(manager, endsAt=(START + timedelta(minutes=4)).isoformat())
    eventually(lambda: rows()[0].status == "resolved")
    [resolved] = rows()

    assert (firing.title, firing.severity) == ("The disk of web-01 is full", "critical")
    assert (firing.host_name, firing.source_name) == ("web-01", "alertmanager")
    assert abs(firing.occurred_at - START) < timedelta(seconds=1)
    assert (resolved.pk, resolved.resolution) == (firing.pk, "other")
