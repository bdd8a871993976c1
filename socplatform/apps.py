from typing import Any

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.contrib.admin import autodiscover
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


class PlatformConfig(AppConfig):
    name = "socplatform"
    default = True


class SocAdminConfig(admin_apps.SimpleAdminConfig):
    """The admin, whose pages are loaded with the paths (`socplatform.urls`): a command or a worker
    that serves none starts in two thirds of the time.
    """

    default_site = "socplatform.admin_site.SocAdminSite"
    default = False

    def ready(self) -> None:
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(_check_pages, checks.Tags.admin)


def _check_pages(app_configs: Any, **given: Any) -> list[Any]:
    """The framework's checks of admin pages, which must be loaded for it."""
    autodiscover()
    return list(check_admin_app(app_configs, **given))
