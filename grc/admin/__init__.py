"""Incidents, and what belongs to them, in the admin."""

from grc.admin import duties, incidents

__all__ = ["duties", "incidents"]
