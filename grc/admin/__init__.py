"""Incidents, and what belongs to them, in the admin."""

from grc.admin import duties, incidents, registers

__all__ = ["duties", "incidents", "registers"]
