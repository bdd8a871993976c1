"""The admin as the analyst's desk."""

from django.http import HttpRequest
from unfold.sites import UnfoldAdminSite


class SocAdminSite(UnfoldAdminSite):
    """For signed-in people who have chosen a tenant."""

    site_header = "SOC platform"
    site_title = "SOC platform"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and getattr(request.user, "is_staff", False)
