"""What can be done with every resource, sync and async, over the same calls."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar, overload

from soc_client import calls, pages
from soc_client.calls import Call

T = TypeVar("T")
Body = Mapping[str, Any]
Send = Callable[[Call], Any]
AsyncSend = Callable[[Call], Awaitable[Any]]


class Resource(Generic[T]):
    """Rows below one path. Filters are the list's by name; several values may be a list."""

    def __init__(self, send: Send, path: str) -> None:
        self.send, self.path = send, path

    def list(self, **filters: Any) -> pages.Page[T]:
        """One page, newest first; `limit` up to 200."""
        return pages.page_of(self.send(calls.get(self.path, filters)), self._follow)

    def iterate(self, **filters: Any) -> Iterator[T]:
        """Every row, page after page."""
        return pages.rows_of(self.list(**filters))

    def get(self, row_id: str) -> T:
        found: T = self.send(calls.get(f"{self.path}/{row_id}"))
        return found

    def create(self, values: Body | None = None, **more: Any) -> T:
        made: T = self.send(calls.post(self.path, {**(values or {}), **more}))
        return made

    def update(
        self, row_id: str, changes: Body | None = None, *, version: int | None = None, **more: Any
    ) -> T:
        """Change fields; with the `version` that was looked at, a newer one raises Stale."""
        body = {**(changes or {}), **more}
        changed: T = self.send(calls.patch(f"{self.path}/{row_id}", body, version))
        return changed

    def delete(self, row_id: str, *, version: int | None = None) -> None:
        self.send(calls.delete(f"{self.path}/{row_id}", version))

    def restore(self, row_id: str, *, note: str = "") -> T:
        restored: T = self.act(row_id, "restore", note=note)
        return restored

    def history(self, row_id: str) -> pages.Page[dict[str, Any]]:
        """Who did what, when and why, newest first."""
        return pages.page_of(self.read(row_id, "history"), self._follow)

    def act(self, row_id: str, verb: str, **body: Any) -> Any:
        """POST …/{id}/verb with that verb's body."""
        return self.send(calls.post(f"{self.path}/{row_id}/{verb}", body))

    def read(self, row_id: str, name: str, **filters: Any) -> Any:
        """GET …/{id}/name."""
        return self.send(calls.get(f"{self.path}/{row_id}/{name}", filters))

    def _follow(self, url: str) -> Any:
        return self.send(calls.follow(url))


class AsyncResource(Generic[T]):
    """The same, awaited."""

    def __init__(self, send: AsyncSend, path: str) -> None:
        self.send, self.path = send, path

    async def list(self, **filters: Any) -> pages.AsyncPage[T]:
        body = await self.send(calls.get(self.path, filters))
        return pages.async_page_of(body, self._follow)

    async def iterate(self, **filters: Any) -> AsyncIterator[T]:
        async for row in pages.async_rows_of(await self.list(**filters)):
            yield row

    async def get(self, row_id: str) -> T:
        found: T = await self.send(calls.get(f"{self.path}/{row_id}"))
        return found

    async def create(self, values: Body | None = None, **more: Any) -> T:
        made: T = await self.send(calls.post(self.path, {**(values or {}), **more}))
        return made

    async def update(
        self, row_id: str, changes: Body | None = None, *, version: int | None = None, **more: Any
    ) -> T:
        body = {**(changes or {}), **more}
        changed: T = await self.send(calls.patch(f"{self.path}/{row_id}", body, version))
        return changed

    async def delete(self, row_id: str, *, version: int | None = None) -> None:
        await self.send(calls.delete(f"{self.path}/{row_id}", version))

    async def restore(self, row_id: str, *, note: str = "") -> T:
        restored: T = await self.act(row_id, "restore", note=note)
        return restored

    async def history(self, row_id: str) -> pages.AsyncPage[dict[str, Any]]:
        return pages.async_page_of(await self.read(row_id, "history"), self._follow)

    async def act(self, row_id: str, verb: str, **body: Any) -> Any:
        return await self.send(calls.post(f"{self.path}/{row_id}/{verb}", body))

    async def read(self, row_id: str, name: str, **filters: Any) -> Any:
        return await self.send(calls.get(f"{self.path}/{row_id}/{name}", filters))

    async def _follow(self, url: str) -> Any:
        return await self.send(calls.follow(url))


class Verb(Generic[T]):
    """A method that makes one move of a resource: `alerts.close(id, close_classification=…)`. The
    inputs of a body are given by name.
    """

    def __init__(self, verb: str) -> None:
        self.verb = verb

    @overload
    def __get__(self, resource: Resource[Any], owner: Any = None) -> Callable[..., T]: ...

    @overload
    def __get__(
        self, resource: AsyncResource[Any], owner: Any = None
    ) -> Callable[..., Awaitable[T]]: ...

    def __get__(self, resource: Any, owner: Any = None) -> Callable[..., Any]:
        def make(row_id: str, **body: Any) -> Any:
            return resource.act(row_id, self.verb, **body)

        make.__name__ = self.verb
        return make


class View(Generic[T]):
    """A method that reads what hangs on a row: `findings.custody(id)`."""

    def __init__(self, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, resource: Resource[Any], owner: Any = None) -> Callable[..., T]: ...

    @overload
    def __get__(
        self, resource: AsyncResource[Any], owner: Any = None
    ) -> Callable[..., Awaitable[T]]: ...

    def __get__(self, resource: Any, owner: Any = None) -> Callable[..., Any]:
        def read(row_id: str, **filters: Any) -> Any:
            return resource.read(row_id, self.name, **filters)

        read.__name__ = self.name
        return read
