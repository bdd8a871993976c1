from grc.models.incident import Incident

__all__ = ["Incident"]
