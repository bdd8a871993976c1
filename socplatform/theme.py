"""The look of the admin: the theme's settings."""

from typing import Any

from django.templatetags.static import static

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "SOC platform",
    "SITE_HEADER": "SOC platform",
    "SITE_SYMBOL": "shield",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "7px",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("desk/favicon.svg"),
        },
    ],
    "COLORS": {
        "base": {
            "50": "#f5f6f8",
            "100": "#eceff2",
            "200": "#dce0e5",
            "300": "#b8c0c9",
            "400": "#929ca8",
            "500": "#7c8794",
            "600": "#5b6572",
            "700": "#3d4650",
            "800": "#2a323b",
            "900": "#161b21",
            "950": "#0f1318",
        },
        "primary": {
            "50": "#e9f5f7",
            "100": "#dff0f3",
            "200": "#b5dfe7",
            "300": "#8ccfdb",
            "400": "#74c9d8",
            "500": "#5ec3d4",
            "600": "#0a6276",
            "700": "#085466",
            "800": "#12343c",
            "900": "#152830",
            "950": "#06252c",
        },
    },
}
