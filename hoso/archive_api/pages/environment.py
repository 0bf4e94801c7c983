"""How templates are found, and the few filters that they write dates and parts of a page with."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hoso.archive_api.pages.translations import translations
from hoso.clock import local
from hoso.dossier.paper_fields import DATES
from hoso.dossier.tables import ComponentField

TEMPLATES = Path(__file__).parents[1] / "templates"
EXTENSIONS = ("jinja2.ext.i18n",)


@lru_cache
def environment(language: str) -> Environment:
    """The templates in one language. Everything is escaped; a name nobody gave is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=EXTENSIONS,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    made.filters |= {"moment": _moment, "day": _day, "dong": _dong, "said": _said}
    return made


def render(template: str, language: str, values: Mapping[str, object]) -> str:
    """A template filled in."""
    return environment(language).get_template(template).render(values)


def _moment(moment: datetime) -> str:
    """Day and time on the office's clock, as Vietnamese forms write them."""
    return f"{local(moment):%d/%m/%Y %H:%M}"


def _day(day: date | datetime) -> str:
    on = local(day) if isinstance(day, datetime) else day
    return f"{on:%d/%m/%Y}"


def _dong(amount: int) -> str:
    """An amount of money as Vietnamese forms write it: 15.000 đồng."""
    return f"{amount:,}".replace(",", ".") + " đồng"


def _said(field: ComponentField) -> str:
    """A field's value as people write it."""
    return _day(date.fromisoformat(field.value)) if field.key in DATES else field.value
