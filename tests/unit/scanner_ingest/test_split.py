"""The split as a table: a stack of paper on the left, where every page goes on the right."""

from dataclasses import dataclass

import pytest

from hoso.barcode.code import CitizenCardQr, DossierCode, Foreign
from hoso.scanner_ingest.split import Cut, Remark, Split, split_pages
from tests.unit.scanner_ingest.stacks import (
    BIRTH,
    BLANK,
    KNOWN,
    LAND,
    MARRIAGE,
    OTHER,
    OURS,
    PAPER,
    SHEET_OF_UNKNOWN_DOSSIER,
    STRANGE,
    UNKNOWN_SHEET,
    WORN_SLIP,
    Look,
    sheet,
    slip,
    stack,
    stamped,
)


@dataclass(frozen=True)
class Case:
    """A stack, what the clerk said of it, and what must come of it."""

    pages: tuple[Look, ...]
    split: Split
    given_type: str | None = None
    given_dossier: DossierCode | None = None


SHEETS = {
    "a separator first in the stack names the pages after it": Case(
        (sheet(BIRTH), PAPER, PAPER),
        Split((Cut(BIRTH, None, (2, 3)),), guides=(1,)),
    ),
    "pages before the first separator are claimed by nobody": Case(
        (PAPER, sheet(BIRTH), PAPER),
        Split((Cut(BIRTH, None, (3,)),), guides=(2,), unclaimed=(1,)),
    ),
    "a separator last in the stack has no pages, and the clerk is told": Case(
        (sheet(BIRTH), PAPER, sheet(MARRIAGE)),
        Split(
            (Cut(BIRTH, None, (2,)),),
            guides=(1, 3),
            remarks=(Remark(3, "separator_without_pages"),),
        ),
    ),
    "a doubled separator counts once": Case(
        (sheet(BIRTH), sheet(BIRTH), PAPER),
        Split((Cut(BIRTH, None, (3,)),), guides=(1, 2)),
    ),
    "a doubled separator counts once with its blank backs between": Case(
        (sheet(BIRTH), BLANK, sheet(BIRTH), BLANK, PAPER),
        Split((Cut(BIRTH, None, (5,)),), guides=(1, 2, 3, 4)),
    ),
    "two separators of one type with paper between make two components": Case(
        (sheet(BIRTH), PAPER, sheet(BIRTH), PAPER),
        Split((Cut(BIRTH, None, (2,)), Cut(BIRTH, None, (4,))), guides=(1, 3)),
    ),
    "a separator without pages before another type is pointed out": Case(
        (sheet(BIRTH), sheet(MARRIAGE), PAPER),
        Split(
            (Cut(MARRIAGE, None, (3,)),),
            guides=(1, 2),
            remarks=(Remark(1, "separator_without_pages"),),
        ),
    ),
    "a separator read twice on its page (top and bottom bars) is one": Case(
        (sheet(BIRTH).with_code(*sheet(BIRTH).meanings), PAPER),
        Split((Cut(BIRTH, None, (2,)),), guides=(1,)),
    ),
    "a page with two separators' codes and all after it are asked about": Case(
        (sheet(BIRTH), PAPER, sheet(BIRTH).with_code(*sheet(MARRIAGE).meanings), PAPER),
        Split(
            (Cut(BIRTH, None, (2,)),),
            guides=(1,),
            unclaimed=(3, 4),
            remarks=(Remark(3, "two_separators"),),
        ),
    ),
    "a separator of a type nobody knows leaves its pages unclaimed": Case(
        (sheet(BIRTH), PAPER, UNKNOWN_SHEET, PAPER, sheet(LAND), PAPER),
        Split(
            (Cut(BIRTH, None, (2,)), Cut(LAND, None, (6,))),
            guides=(1, 3, 5),
            unclaimed=(4,),
            remarks=(Remark(3, "unknown_component_type"),),
        ),
    ),
    "without any separator nothing is filed": Case(
        (PAPER, PAPER, BLANK),
        Split(unclaimed=(1, 2), blanks=(3,)),
    ),
    "an empty batch splits into nothing": Case((), Split()),
}

BLANKS = {
    "a separator's own blank back is no page of the paper": Case(
        (sheet(BIRTH), BLANK, PAPER, BLANK),
        Split((Cut(BIRTH, None, (3, 4)),), guides=(1, 2)),
    ),
    "only one blank page can be the separator's back": Case(
        (sheet(BIRTH), BLANK, BLANK, PAPER),
        Split((Cut(BIRTH, None, (3, 4)),), guides=(1, 2)),
    ),
    "blank backs between a paper's pages stay in it": Case(
        (sheet(BIRTH), PAPER, BLANK, PAPER, BLANK),
        Split((Cut(BIRTH, None, (2, 3, 4, 5)),), guides=(1,)),
    ),
    "blank pages outside any paper are set apart, never lost": Case(
        (BLANK, PAPER, BLANK, sheet(BIRTH), PAPER),
        Split((Cut(BIRTH, None, (5,)),), guides=(4,), unclaimed=(2,), blanks=(1, 3)),
    ),
    "a separator with blank pages only makes no component": Case(
        (sheet(BIRTH), BLANK, BLANK),
        Split(guides=(1, 2), blanks=(3,), remarks=(Remark(1, "separator_without_pages"),)),
    ),
    "a batch of blank pages makes no component whatever the clerk said": Case(
        (BLANK, BLANK),
        Split(blanks=(1, 2)),
        given_type=BIRTH,
        given_dossier=OURS,
    ),
}

WHOSE = {
    "a slip sends the components after it to its dossier": Case(
        (slip(OURS), sheet(BIRTH), PAPER, sheet(LAND), PAPER),
        Split((Cut(BIRTH, OURS, (3,)), Cut(LAND, OURS, (5,))), guides=(1, 2, 4)),
    ),
    "a slip's blank back goes with it": Case(
        (slip(OURS), BLANK, sheet(BIRTH), PAPER),
        Split((Cut(BIRTH, OURS, (4,)),), guides=(1, 2, 3)),
    ),
    "a second slip starts a second dossier": Case(
        (slip(OURS), sheet(BIRTH), PAPER, slip(OTHER), sheet(BIRTH), PAPER),
        Split((Cut(BIRTH, OURS, (3,)), Cut(BIRTH, OTHER, (6,))), guides=(1, 2, 4, 5)),
    ),
    "a slip says whose papers follow, not what they are": Case(
        (sheet(BIRTH), PAPER, slip(OURS), PAPER),
        Split((Cut(BIRTH, None, (2,)),), guides=(1, 3), unclaimed=(4,)),
    ),
    "a separator that names its dossier needs no slip": Case(
        (sheet(BIRTH, OURS), PAPER, sheet(LAND, OTHER), PAPER),
        Split((Cut(BIRTH, OURS, (2,)), Cut(LAND, OTHER, (4,))), guides=(1, 3)),
    ),
    "a separator without a dossier follows the one before it": Case(
        (sheet(BIRTH, OURS), PAPER, sheet(LAND), PAPER),
        Split((Cut(BIRTH, OURS, (2,)), Cut(LAND, OURS, (4,))), guides=(1, 3)),
    ),
    "a single paper's stamp says whose stack it is": Case(
        (sheet(BIRTH), stamped(OURS), sheet(LAND), PAPER),
        Split((Cut(BIRTH, OURS, (2,)), Cut(LAND, OURS, (4,))), guides=(1, 3)),
    ),
    "stamps of two dossiers say nothing": Case(
        (sheet(BIRTH), stamped(OURS), stamped(OTHER)),
        Split((Cut(BIRTH, None, (2, 3)),), guides=(1,)),
    ),
    "a stamp behind another dossier's slip says nothing of the pages before it": Case(
        (sheet(BIRTH), PAPER, slip(OTHER), sheet(LAND), stamped(OURS)),
        Split((Cut(BIRTH, None, (2,)), Cut(LAND, OTHER, (5,))), guides=(1, 3, 4)),
    ),
    "a stamp in a stack whose separator names another dossier says nothing": Case(
        (sheet(BIRTH), PAPER, sheet(LAND, OTHER), stamped(OURS)),
        Split((Cut(BIRTH, None, (2,)), Cut(LAND, OTHER, (4,))), guides=(1, 3)),
    ),
    "a stamp of an archive elsewhere says nothing": Case(
        (sheet(BIRTH), stamped(STRANGE)),
        Split((Cut(BIRTH, None, (2,)),), guides=(1,)),
    ),
}

GIVEN = {
    "what the clerk said files a stack without a single code": Case(
        (PAPER, BLANK, PAPER),
        Split((Cut(BIRTH, OURS, (1, 2, 3)),)),
        given_type=BIRTH,
        given_dossier=OURS,
    ),
    "a dossier alone does not say what the pages are": Case(
        (PAPER, sheet(BIRTH), PAPER),
        Split((Cut(BIRTH, OURS, (3,)),), guides=(2,), unclaimed=(1,)),
        given_dossier=OURS,
    ),
    "the clerk's type holds until the first separator": Case(
        (PAPER, sheet(LAND), PAPER),
        Split((Cut(BIRTH, OURS, (1,)), Cut(LAND, OURS, (3,))), guides=(2,)),
        given_type=BIRTH,
        given_dossier=OURS,
    ),
    "the clerk's dossier wins over an old stamp": Case(
        (sheet(BIRTH), stamped(OTHER)),
        Split((Cut(BIRTH, OURS, (2,)),), guides=(1,)),
        given_dossier=OURS,
    ),
    "the given dossier's own slip changes nothing": Case(
        (slip(OURS), sheet(BIRTH), PAPER),
        Split((Cut(BIRTH, OURS, (3,)),), guides=(1, 2)),
        given_dossier=OURS,
    ),
}

CONTESTED = {
    "another dossier's slip in a given dossier's stack is asked about": Case(
        (sheet(BIRTH), PAPER, slip(OTHER), sheet(LAND), PAPER),
        Split(
            (Cut(BIRTH, OURS, (2,)),),
            guides=(1, 3, 4),
            unclaimed=(5,),
            remarks=(Remark(3, "other_dossier"),),
        ),
        given_dossier=OURS,
    ),
    "another dossier's separator in a given dossier's stack is asked about": Case(
        (sheet(BIRTH, OTHER), PAPER, sheet(LAND), PAPER),
        Split(guides=(1, 3), unclaimed=(2, 4), remarks=(Remark(1, "other_dossier"),)),
        given_dossier=OURS,
    ),
    "doubt ends where a separator names the given dossier": Case(
        (slip(OTHER), sheet(LAND), PAPER, sheet(BIRTH, OURS), PAPER, sheet(LAND), PAPER),
        Split(
            (Cut(BIRTH, OURS, (5,)), Cut(LAND, OURS, (7,))),
            guides=(1, 2, 4, 6),
            unclaimed=(3,),
            remarks=(Remark(1, "other_dossier"),),
        ),
        given_dossier=OURS,
    ),
    "doubt ends where a slip names its dossier": Case(
        (slip(STRANGE), sheet(BIRTH), PAPER, slip(OURS), sheet(BIRTH), PAPER),
        Split(
            (Cut(BIRTH, OURS, (6,)),),
            guides=(1, 2, 4, 5),
            unclaimed=(3,),
            remarks=(Remark(1, "unknown_dossier"),),
        ),
    ),
    "a slip whose code could not be read leaves what follows in doubt": Case(
        (slip(OURS), sheet(BIRTH), PAPER, WORN_SLIP, sheet(LAND), PAPER),
        Split(
            (Cut(BIRTH, OURS, (3,)),),
            guides=(1, 2, 4, 5),
            unclaimed=(6,),
            remarks=(Remark(4, "slip_code_unread"),),
        ),
    ),
    "a slip page with two dossiers' codes is itself asked about": Case(
        (slip(OURS).with_code(OTHER), sheet(BIRTH), PAPER),
        Split(guides=(2,), unclaimed=(1, 3), remarks=(Remark(1, "two_dossier_codes"),)),
    ),
    "a separator of an unknown dossier leaves its pages unclaimed": Case(
        (slip(OURS), SHEET_OF_UNKNOWN_DOSSIER, PAPER, sheet(BIRTH), PAPER),
        Split(
            guides=(1, 2, 4),
            unclaimed=(3, 5),
            remarks=(Remark(2, "unknown_dossier"),),
        ),
    ),
    "an unknown separator does not end the doubt before it": Case(
        (SHEET_OF_UNKNOWN_DOSSIER, PAPER, UNKNOWN_SHEET, PAPER, sheet(BIRTH), PAPER),
        Split(
            guides=(1, 3, 5),
            unclaimed=(2, 4, 6),
            remarks=(Remark(1, "unknown_dossier"), Remark(3, "unknown_component_type")),
        ),
        given_dossier=OURS,
    ),
}

STRANGERS = {
    "a foreign code is reported and changes nothing": Case(
        (sheet(BIRTH), PAPER.with_code(Foreign("8934588012228")), PAPER),
        Split((Cut(BIRTH, None, (2, 3)),), guides=(1,), remarks=(Remark(2, "foreign_code"),)),
    ),
    "a foreign code on a separator does not spoil it": Case(
        (sheet(BIRTH).with_code(Foreign("8934588012228")), PAPER),
        Split((Cut(BIRTH, None, (2,)),), guides=(1,), remarks=(Remark(1, "foreign_code"),)),
    ),
}

CARD = PAPER.with_code(CitizenCardQr(""))
SEEN = "citizen_card"

CARDS = {
    "a citizen's card under a sheet is filed as nothing": Case(
        (sheet(BIRTH), CARD),
        Split(guides=(1,), cards=(2,), remarks=(Remark(2, SEEN),)),
    ),
    "a card alone is nobody's page": Case(
        (CARD,), Split(cards=(1,), remarks=(Remark(1, SEEN),)), given_type=BIRTH
    ),
    "what lies beside a card may be its back, and the paper around it is asked about": Case(
        (sheet(BIRTH, OURS), PAPER, PAPER, CARD, PAPER, PAPER),
        Split(
            guides=(1,),
            unclaimed=(2, 3, 5, 6),
            cards=(4,),
            remarks=(Remark(3, "beside_card"), Remark(4, SEEN), Remark(5, "beside_card")),
            interrupted=(Cut(BIRTH, OURS, (2, 6)),),
            beside_cards=(3, 5),
        ),
    ),
    "papers under other sheets are filed as if no card were there": Case(
        (sheet(BIRTH), PAPER, sheet(LAND), CARD, BLANK, sheet(MARRIAGE), PAPER),
        Split(
            (Cut(BIRTH, None, (2,)), Cut(MARRIAGE, None, (7,))),
            guides=(1, 3, 6),
            blanks=(5,),
            cards=(4,),
            remarks=(Remark(4, SEEN),),
        ),
    ),
    "two cards, one upon the other": Case(
        (CARD, CARD, PAPER, PAPER),
        Split(
            unclaimed=(3, 4),
            cards=(1, 2),
            remarks=(Remark(1, SEEN), Remark(2, SEEN), Remark(3, "beside_card")),
            interrupted=(Cut(LAND, None, (4,)),),
            beside_cards=(3,),
        ),
        given_type=LAND,
    ),
    "a card that lies on a separator leaves it a separator": Case(
        (sheet(BIRTH).with_code(CitizenCardQr("")), PAPER, PAPER),
        Split(
            guides=(1,),
            unclaimed=(2, 3),
            remarks=(Remark(1, SEEN), Remark(2, "beside_card")),
            interrupted=(Cut(BIRTH, None, (3,)),),
            beside_cards=(2,),
        ),
    ),
    "a card seen on a blank page is a card": Case(
        (BLANK.with_code(CitizenCardQr("")),),
        Split(cards=(1,), remarks=(Remark(1, SEEN),)),
        given_type=BIRTH,
    ),
}

TABLE = {**SHEETS, **BLANKS, **WHOSE, **GIVEN, **CONTESTED, **STRANGERS, **CARDS}


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE.keys())
def test_where_every_page_of_a_stack_goes(case: Case) -> None:
    split = split_pages(
        stack(*case.pages),
        KNOWN,
        given_type=case.given_type,
        given_dossier=case.given_dossier,
    )

    assert split == case.split
