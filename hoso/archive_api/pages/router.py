"""Every page below `/`."""

from fastapi import APIRouter

from hoso.archive_api.pages import (
    desk,
    dossier,
    duplicates,
    home,
    lookup,
    new_dossier,
    paper,
    people,
    review,
    savings,
    scans,
    search,
    sign_in,
    track,
)

PUBLIC_PAGES = ("/sign-in", "/track/{token}")

router = APIRouter(include_in_schema=False)
# `/dossiers/new` stands before `/dossiers/{code}`: the first that fits answers.
_PARTS = (
    sign_in, home, new_dossier, dossier, paper, scans, review, duplicates, lookup, people, search,
    desk, savings, track,
)  # fmt: skip
for part in _PARTS:
    router.include_router(part.router)
