from django.apps import AppConfig


class SocConfig(AppConfig):
    name = "soc"
    verbose_name = "Security operations"

    def ready(self) -> None:
        from core import records  # noqa: PLC0415
        from core.services import tenants  # noqa: PLC0415
        from soc import lineage, workflows  # noqa: F401, PLC0415 - registers life cycles and what grc shows of soc
        from soc.models import Alert, Connector  # noqa: PLC0415 - as above
        from soc.services import (  # noqa: PLC0415 - as above
            clock_subjects,
            clocks,
            connectors,
            notices,
            slas,
            triggers,
        )

        lineage.register()
        notices.register()
        for subject in clock_subjects.SUBJECTS.values():
            records.add_follower(subject.model, clocks.follow)
        records.add_follower(Alert, triggers.follow)
        records.keep_while(Connector, connectors.needed_by_playbooks)
        tenants.furnish_with(slas.defaults)
