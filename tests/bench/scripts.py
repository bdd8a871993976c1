"""What wrk sends: a different path, or a different body, each time."""

from collections.abc import Iterable
from uuid import UUID

import orjson

from core import ids
from tests.bench.records import record

_BY_TURNS = """
local paths = {{{paths}}}
local turn = 0
request = function()
  turn = turn + 1
  return wrk.format("{method}", paths[(turn - 1) % #paths + 1], nil, {body})
end
"""
_INTAKE = """
local turn = 0
request = function()
  turn = turn + 1
  local stamp = "{run}" .. turn
  local body = [[{body}]]
  return wrk.format("POST", nil, nil, (body:gsub("MARK", stamp)))
end
"""


def getting(pks: list[UUID]) -> str:
    paths = (f"/api/v1/soc/alerts/{ids.show('alr', pk)}" for pk in pks)
    return _BY_TURNS.format(paths=_listed(paths), method="GET", body="nil")


def acknowledging(pks: list[UUID]) -> str:
    paths = (f"/api/v1/soc/alerts/{ids.show('alr', pk)}/acknowledge" for pk in pks)
    return _BY_TURNS.format(paths=_listed(paths), method="POST", body="'{}'")


def sending(run: str) -> str:
    """Records that differ in their id, one of their indicators and their flow."""
    body = record(1, run)
    body["flow_id"] = "MARK"
    body["tls"] = {"sni": "site-MARK.example.net"}
    return _INTAKE.format(run=run, body=orjson.dumps(body).decode())


def _listed(paths: Iterable[str]) -> str:
    return ", ".join(f'"{path}"' for path in paths)
