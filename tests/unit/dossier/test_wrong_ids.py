"""Rendered papers of every kind, and owners whose number is one digit off: none is confirmed."""

from datetime import date

import pytest

from hoso.dossier.doubts import CITIZEN_ID, Owner, Read, agreed, matched
from hoso.ocr.fields import read_fields
from tests.paper.render import ALL_KINDS, read_perfectly

SEED = 3


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_no_number_that_is_one_digit_off_is_confirmed_on_any_kind_of_paper(kind: str) -> None:
    known, words = read_perfectly(kind, SEED)
    read = {found.key: Read(found.value, found.confidence) for found in read_fields(words, kind)}
    said = str(known.get("citizen_id") or "")
    born = date.fromisoformat(str(known.get("birth_date") or "2000-01-01"))

    right = Owner(said, str(known["owner_name"]), born)
    assert (CITIZEN_ID in agreed(read, right)) == (CITIZEN_ID in read)
    for place, digit in enumerate(said):
        for other in set("0123456789") - {digit}:
            number = said[:place] + other + said[place + 1 :]
            # All else is the owner's: name and birth date agree, as a sibling's never would.
            wrong = Owner(number, right.name, born)
            assert not agreed(read, wrong)
            assert not matched(read, wrong)
