"""How long a paper must be kept, by its component type."""

from datetime import datetime

from hoso.clock import local
from hoso.dossier.catalogue import ComponentType


def retained_until(kind: ComponentType, filed_at: datetime) -> datetime | None:
    """The moment until which a paper filed then must be kept; None: its type has no such rule."""
    if kind.retention_years is None:
        return None
    filed = local(filed_at)
    year = filed.year + kind.retention_years
    try:
        return filed.replace(year=year)
    except ValueError:  # filed on 29 February
        return filed.replace(year=year, month=3, day=1)
