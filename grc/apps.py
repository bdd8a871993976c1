from django.apps import AppConfig


class GrcConfig(AppConfig):
    name = "grc"
    verbose_name = "Governance, risk, compliance"

    def ready(self) -> None:
        from grc import workflows  # noqa: F401, PLC0415 - registers life cycles, models loaded
        from grc.services import watching  # noqa: PLC0415 - as above

        watching.register()
