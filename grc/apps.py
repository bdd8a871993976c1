from django.apps import AppConfig


class GrcConfig(AppConfig):
    name = "grc"
    verbose_name = "Governance, risk, compliance"

    def ready(self) -> None:
        from grc.services import watching  # noqa: PLC0415 - needs the models loaded

        watching.register()
