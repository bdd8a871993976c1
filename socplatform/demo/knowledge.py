"""What a tenant of the demo knows of indicators before anything happens: its lists."""

from core import tenancy
from soc.services import indicator_lists
from socplatform.demo.estate import Estate
from socplatform.demo.people import Cast


def write(cast: Cast, estate: Estate) -> None:
    """The lists of a tenant: its own domain, a campaign to watch, and what everybody reaches."""
    lines = (
        ("known_good", "domain", f".{estate.domain}", "Our own names."),
        ("known_good", "hostname", f".{estate.domain}", "Our own names."),
        ("ignore_similarity", "domain", "cdn.example.net", "Half of the web loads from it."),
        ("watch", "domain", "free-forms.example.com", "Used in this autumn's lures."),
    )
    with tenancy.tenant_scope(cast.tenant_id):
        for kind, type_, value, reason in lines:
            values = {"kind": kind, "type": type_, "value": value, "reason": reason}
            indicator_lists.create(values, actor=cast.actors["manager"])
