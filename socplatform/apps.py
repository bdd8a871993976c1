from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class PlatformConfig(AppConfig):
    name = "socplatform"
    default = True


class SocAdminConfig(admin_apps.AdminConfig):
    default_site = "socplatform.admin_site.SocAdminSite"
    default = False
