"""The window of numbers, as it stands in a query."""

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from core.filters import unwrapped
from soc.api.serializers.rules import WindowQuery
from soc.services.windows import Window, window


def window_of(request: Request, *, alone: bool = True) -> Window:
    """What `created_after` and `created_before` say. `alone` refuses every other name."""
    params = {name: str(value) for name, value in unwrapped(request.query_params).items()}
    known = WindowQuery().fields
    given = {name: value for name, value in params.items() if alone or name in known}
    given.pop("format", None)
    query = WindowQuery(data=given)
    query.is_valid(raise_exception=True)
    values = query.validated_data
    after, before = values.get("created_after"), values.get("created_before")
    if after and before and after >= before:
        raise ValidationError({"created_before": ["Give a moment after created_after."]})
    return window(after, before)
