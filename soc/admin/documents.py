"""Context documents: a register, whose text may be long."""

from django.contrib import admin

from core.admin.editing import Field, words
from core.admin.register import Column, RegisterAdmin
from soc.api.serializers.documents import ContextDocumentSerializer
from soc.filters.documents import ContextDocumentFilters
from soc.models import ContextDocument
from soc.services import documents
from soc.vocabulary import DOCUMENT_TYPES

RULES = (
    'For example {"match": "all", "conditions": '
    '[{"field": "host_name", "op": "starts_with", "value": "web-"}]}.'
)


@admin.register(ContextDocument)
class ContextDocumentAdmin(RegisterAdmin):
    service = documents
    serializer_class = ContextDocumentSerializer
    filterset_class = ContextDocumentFilters
    write_scope = "soc:configure"
    heading = "Context documents"
    empty = (
        "No documents yet. Write down what your team knows: who owns a system, what is expected "
        "of a scanner, whom to call. Each is shown beside the alerts that it concerns."
    )
    columns = (
        Column("Title", "title"),
        Column("Type", "document_type"),
        Column("For every alert", "is_global"),
        Column("Version", "version"),
        Column("Changed", "updated_at"),
    )
    facts = (
        Column("Type", "document_type"),
        Column("For every alert", "is_global"),
        Column("Version", "version"),
        Column("Tags", "tags"),
        Column("Description", "description"),
        Column("Content", "content"),
        Column("Targeting rules", "targeting_rules"),
    )
    editable = (
        Field("title", "Title"),
        Field("document_type", "Type", "choice", words(DOCUMENT_TYPES)),
        Field("description", "Description"),
        Field("content", "Content", "text"),
        Field("is_global", "For every alert", "flag"),
        Field("targeting_rules", "Targeting rules", "json", help=RULES),
        Field("tags", "Tags", "tags"),
    )
    creatable = (
        Field("title", "Title", starts_empty=True),
        Field("document_type", "Type", "choice", words(DOCUMENT_TYPES)),
        Field("content", "Content", "text", starts_empty=True),
        Field("targeting_rules", "Targeting rules", "json", starts_empty=True, help=RULES),
    )
