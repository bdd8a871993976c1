"""The registers that commands read in and out, by the names of the API."""

from django.core.management.base import CommandError

from grc.services import accounts, assets, regulators, risks
from grc.services.sheets import Sheet

SHEETS = {
    "accounts": accounts.SHEET,
    "assets": assets.SHEET,
    "regulators": regulators.SHEET,
    "risks": risks.SHEET,
}


def sheet_of(name: str) -> Sheet:
    """The register of this name; says which there are when there is none."""
    if name not in SHEETS:
        known = ", ".join(SHEETS)
        raise CommandError(f"There is no register '{name}'. Use one of: {known}.")
    return SHEETS[name]
