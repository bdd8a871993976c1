"""Registered in `core.admin.registry`, so that other apps can import the bases without registering
anything twice.
"""

from core.admin import registry

__all__ = ["registry"]
