"""Registered in `core.admin.registry` and beside it, so that other apps can import the bases
without registering anything twice.
"""

from core.admin import audit, registry, teams

__all__ = ["audit", "registry", "teams"]
