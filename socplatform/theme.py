"""The look of the admin: the theme's settings."""

from typing import Any

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "SOC platform",
    "SITE_HEADER": "SOC platform",
    "SITE_SYMBOL": "shield",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "7px",
}
