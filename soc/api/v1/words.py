"""The words of the seed pages: shown in Title Case, read in any case."""

from typing import Any

from rest_framework import serializers


def title_case(word: str | None) -> str | None:
    """`open` as `Open`; what has capitals of its own (a classification) as it is."""
    return word.capitalize() if word and word.islower() else word


class AnyCase(serializers.CharField):
    """A word of a vocabulary in whatever case it comes; validates to the platform's spelling."""

    default_error_messages = {"unknown": "'{value}' is not known here. Use one of: {words}."}

    def __init__(self, words: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(required=False, allow_null=True, **kwargs)
        self.words = words

    def to_internal_value(self, data: Any) -> str:
        text: str = super().to_internal_value(data)
        known = next((word for word in self.words if word.lower() == text.lower()), None)
        if known is None:
            shown = ", ".join(str(title_case(word)) for word in self.words)
            self.fail("unknown", value=text, words=shown)
        return known

    def to_representation(self, value: Any) -> Any:
        return title_case(value)
