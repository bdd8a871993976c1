"""The theme's settings; its colours are in static/desk/theme.css."""

from typing import Any

from django.templatetags.static import static

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "SOC platform",
    "SITE_HEADER": "SOC platform",
    "SITE_SYMBOL": "shield",
    "SITE_URL": None,
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("desk/favicon.svg"),
        },
    ],
}
