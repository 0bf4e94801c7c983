"""Who is asking, as the archive sees it."""

from fastapi import APIRouter

from hoso.archive_api.models import SessionShown
from hoso.archive_api.permission import Anyone

router = APIRouter(prefix="/session", tags=["session"])


@router.get("", operation_id="whoAmI")
def who_am_i(actor: Anyone) -> SessionShown:
    """The account whose token or cookie came with the request."""
    return SessionShown(
        name=actor.name, full_name=actor.full_name, role=actor.role.value, desk=actor.desk
    )
