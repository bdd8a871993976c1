"""Pages of a list: rows, and the way to the next ones."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows of a list. Iterating gives these rows; `next_page` the page after, or None."""

    rows: list[T]
    next: str | None
    previous: str | None
    count: int | None
    fetch: Callable[[str], Any]

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: int) -> T:
        return self.rows[place]

    def next_page(self) -> "Page[T] | None":
        return page_of(self.fetch(self.next), self.fetch) if self.next else None


@dataclass(frozen=True)
class AsyncPage(Generic[T]):
    """The same, awaited."""

    rows: list[T]
    next: str | None
    previous: str | None
    count: int | None
    fetch: Callable[[str], Awaitable[Any]]

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: int) -> T:
        return self.rows[place]

    async def next_page(self) -> "AsyncPage[T] | None":
        return async_page_of(await self.fetch(self.next), self.fetch) if self.next else None


def page_of(body: Any, fetch: Callable[[str], Any]) -> Page[Any]:
    return Page(body["results"], body.get("next"), body.get("previous"), body.get("count"), fetch)


def async_page_of(body: Any, fetch: Callable[[str], Awaitable[Any]]) -> AsyncPage[Any]:
    return AsyncPage(
        body["results"], body.get("next"), body.get("previous"), body.get("count"), fetch
    )


def rows_of(first: Page[T]) -> Iterator[T]:
    """Every row from this page on."""
    page: Page[T] | None = first
    while page is not None:
        yield from page.rows
        page = page.next_page()


async def async_rows_of(first: AsyncPage[T]) -> AsyncIterator[T]:
    page: AsyncPage[T] | None = first
    while page is not None:
        for row in page.rows:
            yield row
        page = await page.next_page()
