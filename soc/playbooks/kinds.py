"""The kinds of steps: what each takes in its `with`, and what sort of effect it has.

Forms of the editor, the checks of a body and the API's document are all made from this table.
"""

from dataclasses import dataclass

from soc.vocabulary import CLASSIFICATIONS, INDICATOR_TYPES, MALICE, RESOLUTIONS

MAX_DAYS = 366
VERBS = ("acknowledge", "triage", "escalate", "resolve", "close", "suppress", "reopen")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ANSWERS = ("reject", "approve", "cancel")


@dataclass(frozen=True, slots=True)
class Field:
    """One value in a step's `with`. `kind`: text, long, number, flag, choice, texts, object, any,
    conditions, steps, connector, person or people. Choices, numbers and flags take no templates.
    """

    name: str
    label: str
    kind: str = "text"
    needed: bool = False
    choices: tuple[str, ...] = ()
    least: float = 0
    most: float = 0
    help: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """`effect`: none (decides or waits), platform (within our own transaction) or network."""

    name: str
    label: str
    icon: str
    effect: str
    fields: tuple[Field, ...]
    connector: tuple[str, ...] = ()
    help: str = ""

    def field(self, name: str) -> Field | None:
        return next((each for each in self.fields if each.name == name), None)


_CONNECTOR = Field("connector_id", "Connector", "connector", needed=True)
_TRIES = (
    Field("timeout_seconds", "Time limit, s", "number", least=1, most=120, help="10 if empty."),
    Field("retries", "Tries again", "number", least=0, most=10, help="0 if empty."),
    Field("backoff_seconds", "Waits before, s", "number", least=1, most=3600, help="Doubles."),
)
_IDEMPOTENT = Field(
    "idempotent",
    "Safe to repeat",
    "flag",
    help="The other side takes the same Idempotency-Key once: repeat where no answer came.",
)
_DEADLINE = Field(
    "deadline_minutes", "Time to answer, min", "number", least=1, most=MAX_DAYS * 24 * 60
)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "http",
            "Call over HTTP",
            "http",
            "network",
            (
                _CONNECTOR,
                Field("method", "Method", "choice", choices=METHODS),
                Field("path", "Path", help="Below the connector's address."),
                Field("query", "Query", "object"),
                Field("headers", "Headers", "object"),
                Field("body", "Body", "any"),
                Field("expect", "Good answers", "texts", help="200, 201, …; all 2xx if empty."),
                _IDEMPOTENT,
                *_TRIES,
            ),
            connector=("http",),
        ),
        Kind(
            "webhook",
            "Signed webhook",
            "webhook",
            "network",
            (_CONNECTOR, Field("body", "Body", "any", needed=True), _IDEMPOTENT, *_TRIES),
            connector=("http",),
        ),
        Kind(
            "email",
            "E-mail",
            "mail",
            "network",
            (
                _CONNECTOR,
                Field("to", "To", "texts", needed=True),
                Field("subject", "Subject", needed=True),
                Field("text", "Text", "long", needed=True),
                *_TRIES,
            ),
            connector=("smtp",),
        ),
        Kind(
            "chat",
            "Chat message",
            "chat",
            "network",
            (_CONNECTOR, Field("text", "Text", "long", needed=True), *_TRIES),
            connector=("chat",),
        ),
        Kind("enrich", "Enrich indicators", "biotech", "repeatable", ()),
        Kind(
            "tag",
            "Tag the alert",
            "label",
            "platform",
            (Field("add", "Add", "texts"), Field("remove", "Remove", "texts")),
        ),
        Kind(
            "assign",
            "Assign the alert",
            "person",
            "platform",
            (Field("assignee_id", "Assignee", "person", needed=True),),
        ),
        Kind(
            "status",
            "Move the alert",
            "move_up",
            "platform",
            (
                Field("verb", "Move", "choice", needed=True, choices=VERBS),
                Field("resolution", "Resolution", "choice", choices=RESOLUTIONS),
                Field("close_classification", "Classification", "choice", choices=CLASSIFICATIONS),
                Field("note", "Note"),
            ),
        ),
        Kind(
            "comment",
            "Comment",
            "comment",
            "platform",
            (Field("text", "Text", "long", needed=True),),
        ),
        Kind(
            "task",
            "Task of the investigation",
            "checklist",
            "platform",
            (
                Field("title", "Title", needed=True),
                Field("description", "Description", "long"),
                Field("mandatory", "Mandatory", "flag"),
                Field("due_after_hours", "Due after, h", "number", least=0.1, most=MAX_DAYS * 24),
            ),
        ),
        Kind(
            "verdict",
            "Judge an indicator",
            "gavel",
            "platform",
            (
                Field("value", "Indicator", needed=True),
                Field("type", "Type", "choice", choices=INDICATOR_TYPES),
                Field("malice", "Malice", "choice", needed=True, choices=MALICE[1:]),
            ),
        ),
        Kind(
            "wait",
            "Wait",
            "hourglass_empty",
            "none",
            (
                Field("minutes", "Minutes", "number", least=0.05, most=MAX_DAYS * 24 * 60),
                Field("until", "Until", "conditions"),
                _DEADLINE,
            ),
            help="For some minutes, or until conditions hold; over the time limit it fails.",
        ),
        Kind(
            "manual",
            "Manual task",
            "front_hand",
            "none",
            (
                Field("instructions", "What to do", "long", needed=True),
                Field("assignee_id", "Person", "person"),
                _DEADLINE,
            ),
        ),
        Kind(
            "approval",
            "Approval",
            "approval",
            "none",
            (
                Field("question", "Question", "long", needed=True),
                Field("person_ids", "By", "people", help="Empty: whoever holds approvals:decide."),
                Field("count", "How many", "number", least=1, most=10, help="1 if empty."),
                _DEADLINE,
                Field("without_answer", "Without an answer", "choice", choices=ANSWERS),
            ),
        ),
        Kind(
            "condition",
            "Condition",
            "alt_route",
            "none",
            (Field("all", "All of", "conditions", needed=True),),
            help="On success where all hold, on failure where not.",
        ),
        Kind(
            "parallel",
            "In parallel",
            "call_split",
            "none",
            (Field("branches", "First steps", "steps", needed=True),),
            help="What follows on success waits for all of them.",
        ),
    )
}
