"""The bodies of verbs, made from the workflow tables."""

from typing import Any

from rest_framework import serializers

from core.shapes import NoteSerializer, Reference, StrictSerializer
from core.workflow import Input, Move, Workflow

_made: dict[tuple[str, str], type[StrictSerializer]] = {}


def body_of(workflow: Workflow, verb: str) -> type[StrictSerializer]:
    """The serializer of one move's body: `AlertCloseBody` with classification, duplicate and
    note.
    """
    name = f"{workflow.model.__name__}{verb.capitalize()}Body"
    if (name, verb) not in _made:
        fields = {each.name: _field(each) for each in _inputs(workflow[verb])}
        _made[name, verb] = type(name, (NoteSerializer,), fields)
    return _made[name, verb]


class ChoiceText(serializers.CharField):
    """A word of a choice in whatever case it comes. What is none of them, the kernel refuses."""

    def __init__(self, words: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = {word.lower(): word for word in words}

    def to_internal_value(self, data: Any) -> str:
        text: str = super().to_internal_value(data)
        return self.words.get(text.lower(), text)


def _inputs(move: Move) -> list[Input]:
    return [each for each in move.inputs if each.name != "note"]


def _field(each: Input) -> serializers.Field[Any, Any, Any, Any]:
    """Whether an input is needed is the kernel's to say, with 422; here it is optional."""
    if each.model is not None:
        return Reference(each.model, required=False, allow_null=True, help_text=each.help)
    if each.kind == "time":
        return serializers.DateTimeField(required=False, allow_null=True, help_text=each.help)
    if each.kind == "check":
        return serializers.BooleanField(required=False, help_text=each.help)
    words = tuple(value for value, _ in each.choices)
    told = f" One of: {', '.join(words)}." if words else ""
    return ChoiceText(
        words,
        required=False,
        allow_blank=True,
        allow_null=True,
        max_length=20_000,
        help_text=(each.help + told).strip(),
    )
