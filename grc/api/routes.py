"""The resources of grc by their paths."""

from grc.api.duties import (
    CorrectiveActionViewSet,
    ObligationViewSet,
    SubmissionViewSet,
)
from grc.api.registers import (
    AccountViewSet,
    AssetViewSet,
    RegulatorViewSet,
    RiskViewSet,
)
from grc.api.views import IncidentViewSet

ROUTES = (
    ("incidents", IncidentViewSet, "incident"),
    ("regulators", RegulatorViewSet, "regulator"),
    ("obligations", ObligationViewSet, "obligation"),
    ("submissions", SubmissionViewSet, "submission"),
    ("assets", AssetViewSet, "asset"),
    ("accounts", AccountViewSet, "account"),
    ("risks", RiskViewSet, "risk"),
    ("corrective-actions", CorrectiveActionViewSet, "corrective-action"),
)
