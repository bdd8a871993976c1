"""Every path of the product."""

from typing import Any

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.routers import SimpleRouter

from core.api.auth import AppToken, Refresh, SignIn
from core.api.notifications import NotificationViewSet
from core.api.teams import TeamViewSet
from grc.api.routes import ROUTES as GRC_ROUTES
from soc.api.enqueue import EnqueueViewSet
from soc.api.intake import IntakeViewSet
from soc.api.routes import ROUTES as SOC_ROUTES
from soc.api.routes import VIEWS as SOC_VIEWS
from soc.api.v1.views import V1_ROUTES, SeedAlertViewSet

admin.autodiscover()


class OptionalSlashRouter(SimpleRouter):
    """`/alerts` and `/alerts/` are the same place."""

    def __init__(self) -> None:
        super().__init__()
        self.trailing_slash = "/?"


router = OptionalSlashRouter()
for place, viewset, basename in SOC_ROUTES:
    router.register(f"soc/{place}", viewset, basename=basename)
router.register("core/teams", TeamViewSet, basename="team")
router.register("core/notifications", NotificationViewSet, basename="notification")
for place, viewset, basename in GRC_ROUTES:
    router.register(f"grc/{place}", viewset, basename=basename)

public = {"authentication_classes": [], "permission_classes": [AllowAny]}

# What tools ask for all day comes first: each path before it is compared in vain.
api: list[Any] = [
    re_path(
        r"^soc/intake/(?P<name>[^/]+)/?$",
        IntakeViewSet.as_view({"post": "create"}),
        name="intake",
    ),
    *router.urls,
    re_path(r"^auth/token/?$", SignIn.as_view(), name="auth-token"),
    re_path(r"^auth/token/refresh/?$", Refresh.as_view(), name="auth-token-refresh"),
    re_path(r"^auth/app-token/?$", AppToken.as_view(), name="auth-app-token"),
    re_path(r"^schema/?$", SpectacularAPIView.as_view(**public), name="schema"),
    re_path(
        r"^explorer/?$",
        SpectacularSwaggerSplitView.as_view(
            url_name="schema", template_name="desk/explorer.html", **public
        ),
        name="explorer",
    ),
    *(
        re_path(rf"^soc/{place}/?$", viewset.as_view(actions), name=name)
        for place, viewset, actions, name in SOC_VIEWS
    ),
]

v1: list[Any] = [
    re_path(rf"^{place}/?$", SeedAlertViewSet.as_view(actions), name=name)
    for place, actions, name in V1_ROUTES
]

handler404 = "socplatform.faults.not_found"
handler500 = "socplatform.faults.server_error"
urlpatterns = [
    path("api/v1/", include(api)),
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("v1/", include(v1)),
    re_path(r"^v2/enqueue/?$", EnqueueViewSet.as_view({"post": "create"}), name="enqueue"),
    path("admin/", admin.site.urls),
]
