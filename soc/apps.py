from django.apps import AppConfig


class SocConfig(AppConfig):
    name = "soc"
    verbose_name = "Security operations"

    def ready(self) -> None:
        from soc import lineage, workflows  # noqa: F401, PLC0415 - registers life cycles and what grc shows of soc
        from soc.services import notices  # noqa: PLC0415 - as above

        lineage.register()
        notices.register()
