"""Running what is awaited, in a thread of its own: a browser's loop may run in this one."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def awaited(coroutine):
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
