"""Every page below `/`."""

from fastapi import APIRouter

from hoso.archive_api.pages import (
    desk,
    dossier,
    home,
    lookup,
    new_dossier,
    review,
    scans,
    search,
    sign_in,
    track,
)

PUBLIC_PAGES = ("/sign-in", "/track/{token}")

router = APIRouter(include_in_schema=False)
# `/dossiers/new` stands before `/dossiers/{code}`: the first that fits answers.
for part in (sign_in, home, new_dossier, dossier, scans, review, lookup, search, desk, track):
    router.include_router(part.router)
