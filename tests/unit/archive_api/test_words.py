"""Every code that people may meet has its words, in both languages."""

import pytest

from hoso.archive_api.words import DOUBTS, FIELDS
from hoso.dossier.doubts import Doubt
from hoso.dossier.paper_fields import TYPE
from hoso.ocr.fields import FieldKey


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_field_and_every_doubt_has_its_words(language: str) -> None:
    assert set(FIELDS[language]) == {TYPE, *FieldKey}
    assert set(DOUBTS[language]) == set(Doubt)
