"""The two clients: connection, token, and trying again."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

import httpx

from soc_client import calls
from soc_client.calls import Call
from soc_client.credentials import Credentials
from soc_client.domains import AsyncCore, AsyncGrc, AsyncSoc, Core, Grc, Soc

TIMEOUT = 30.0  # seconds


class Client:
    """The platform at `base_url`, for one tenant. May be shared by threads; close it when done."""

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = TIMEOUT,
        sleep: Callable[[float], None] = time.sleep,
        **credentials: str,
    ) -> None:
        self.credentials = Credentials(**credentials)
        self._http = httpx.Client(base_url=base_url, timeout=timeout)
        self._sleep = sleep
        self._token: str | None = self.credentials.token or None
        self._lock = threading.Lock()
        self.soc, self.grc, self.core = Soc(self.send), Grc(self.send), Core(self.send)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def send(self, call: Call) -> Any:
        """Make a call and read its answer; a token that does not count any more is fetched anew,
        once.
        """
        token = self._current(None)
        answer = self._tried(call, token)
        if answer.status_code == 401 and self.credentials.request():
            answer = self._tried(call, self._current(token))
        return calls.read(answer)

    def _current(self, spent: str | None) -> str | None:
        """The token, fetched where there is none yet, or where this one is spent."""
        with self._lock:
            if self._token in (None, spent) and (wanted := self.credentials.request()):
                place, body = wanted
                self._token = calls.read(self._tried(Call("POST", place, json=body), None))[
                    "access"
                ]
            return self._token

    def _tried(self, call: Call, token: str | None) -> httpx.Response:
        tries = 0
        while True:
            tries += 1
            answer, fault = self._once(call, token)
            wait = calls.wait_after(answer, fault, call, tries)
            if wait is None:
                return calls.settled(answer, fault)
            self._sleep(wait)

    def _once(
        self, call: Call, token: str | None
    ) -> tuple[httpx.Response | None, httpx.TransportError | None]:
        try:
            return self._http.request(**call.arguments(token)), None
        except httpx.TransportError as fault:
            return None, fault


class AsyncClient:
    """The same, awaited: `await client.soc.investigations.create({…})`."""

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = TIMEOUT,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        **credentials: str,
    ) -> None:
        self.credentials = Credentials(**credentials)
        self._http = httpx.AsyncClient(base_url=base_url, timeout=timeout)
        self._sleep = sleep
        self._token: str | None = self.credentials.token or None
        self._lock = asyncio.Lock()
        self.soc, self.grc = AsyncSoc(self.send), AsyncGrc(self.send)
        self.core = AsyncCore(self.send)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def send(self, call: Call) -> Any:
        token = await self._current(None)
        answer = await self._tried(call, token)
        if answer.status_code == 401 and self.credentials.request():
            answer = await self._tried(call, await self._current(token))
        return calls.read(answer)

    async def _current(self, spent: str | None) -> str | None:
        async with self._lock:
            if self._token in (None, spent) and (wanted := self.credentials.request()):
                place, body = wanted
                answer = await self._tried(Call("POST", place, json=body), None)
                self._token = calls.read(answer)["access"]
            return self._token

    async def _tried(self, call: Call, token: str | None) -> httpx.Response:
        tries = 0
        while True:
            tries += 1
            answer, fault = await self._once(call, token)
            wait = calls.wait_after(answer, fault, call, tries)
            if wait is None:
                return calls.settled(answer, fault)
            await self._sleep(wait)

    async def _once(
        self, call: Call, token: str | None
    ) -> tuple[httpx.Response | None, httpx.TransportError | None]:
        try:
            return await self._http.request(**call.arguments(token)), None
        except httpx.TransportError as fault:
            return None, fault
