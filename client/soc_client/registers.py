"""Registers that are read in and out as CSV, sync and async."""

from typing import Any

from soc_client import calls
from soc_client.calls import Call
from soc_client.resources import AsyncResource, Resource

Json = dict[str, Any]


class Register(Resource[Json]):
    """`client.grc.assets`, `.accounts`, `.risks`, `.regulators`."""

    def read_in(self, csv: str, *, commit: bool = False) -> Json:
        """What each line of a CSV would do; all are written with `commit` if none is wrong."""
        answer: Json = self.send(_read_in(self.path, csv, commit))
        return answer

    def read_out(self) -> str:
        """The whole register as CSV."""
        content: bytes = self.send(calls.get(f"{self.path}/export"))
        return content.decode()


class AsyncRegister(AsyncResource[Json]):
    """The same, awaited."""

    async def read_in(self, csv: str, *, commit: bool = False) -> Json:
        answer: Json = await self.send(_read_in(self.path, csv, commit))
        return answer

    async def read_out(self) -> str:
        content: bytes = await self.send(calls.get(f"{self.path}/export"))
        return content.decode()


class Risks(Register):
    """`client.grc.risks`."""

    def scale(self) -> Json:
        """How many steps likelihood and impact have."""
        scale: Json = self.send(calls.get(f"{self.path}/scale"))
        return scale

    def set_scale(self, *, likelihood_steps: int, impact_steps: int, note: str = "") -> Json:
        """Choose another scale; refused while a risk lies above it."""
        scale: Json = self.send(_scale(self.path, likelihood_steps, impact_steps, note))
        return scale


class AsyncRisks(AsyncRegister):
    """The same, awaited."""

    async def scale(self) -> Json:
        scale: Json = await self.send(calls.get(f"{self.path}/scale"))
        return scale

    async def set_scale(self, *, likelihood_steps: int, impact_steps: int, note: str = "") -> Json:
        scale: Json = await self.send(_scale(self.path, likelihood_steps, impact_steps, note))
        return scale


def _read_in(path: str, csv: str, commit: bool) -> Call:
    return calls.post(f"{path}/import", {"csv": csv, "commit": commit})


def _scale(path: str, likelihood_steps: int, impact_steps: int, note: str) -> Call:
    body = {"likelihood_steps": likelihood_steps, "impact_steps": impact_steps, "note": note}
    return calls.post(f"{path}/scale", body)
