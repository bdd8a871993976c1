"""The resources of grc by their paths."""

from grc.api.duties import (
    CorrectiveActionViewSet,
    ObligationViewSet,
    RegulatorViewSet,
    SubmissionViewSet,
)
from grc.api.views import IncidentViewSet

ROUTES = (
    ("incidents", IncidentViewSet, "incident"),
    ("regulators", RegulatorViewSet, "regulator"),
    ("obligations", ObligationViewSet, "obligation"),
    ("submissions", SubmissionViewSet, "submission"),
    ("corrective-actions", CorrectiveActionViewSet, "corrective-action"),
)
