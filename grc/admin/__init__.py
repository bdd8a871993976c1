"""Incidents in the admin."""

from grc.admin import incidents

__all__ = ["incidents"]
