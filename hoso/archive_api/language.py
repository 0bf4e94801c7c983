"""Which of the two languages an answer is in: Vietnamese unless English is asked for."""

from starlette.requests import Request

LANGUAGES = ("vi", "en")
LANGUAGE_COOKIE = "hoso_lang"


def language_of(request: Request) -> str:
    """From `?lang=`, then the cookie; `vi` by default. Programs may say Accept-Language.

    Pages do not heed it: a browser in a Vietnamese office often says English without being asked.
    """
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    if asked in LANGUAGES:
        return asked
    if not request.url.path.startswith("/api/"):
        return "vi"
    preferred = request.headers.get("accept-language", "").strip().lower()
    return "en" if preferred.startswith("en") else "vi"
