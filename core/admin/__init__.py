"""Registered in `core.admin.registry` and beside it, so that other apps can import the bases
without registering anything twice.
"""

from core.admin import registry, teams

__all__ = ["registry", "teams"]
