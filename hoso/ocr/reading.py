"""What was read on one page, and how it is kept."""

import json
from dataclasses import astuple, dataclass
from typing import Any, Final, Self

from hoso.ocr.words import Word, mean_confidence, text_of

PRINTED: Final = "pdf"
"""The `engine` of pages whose words stood in the PDF as text already."""


@dataclass(frozen=True, slots=True)
class PageReading:
    """What was read on one page.

    `turn`: degrees clockwise (0, 90, 180, 270) to add to the page's own /Rotate so that it
    stands upright; `turn_sure` is false where a person should look. `skew`: degrees
    counter-clockwise that then lay it straight. `failure`: the code of the error that kept the
    page from being read (`ocr_timed_out`, `ocr_crashed`), else None. `engine`: who read it;
    `pdf` where the words were printed into the PDF already.
    """

    words: tuple[Word, ...]
    turn: int = 0
    skew: float = 0.0
    turn_sure: bool = True
    failure: str | None = None
    engine: str = ""
    seconds: float = 0.0

    @classmethod
    def unread(cls, failure: str, engine: str) -> Self:
        """A page that is kept as it is, without words."""
        return cls((), turn_sure=False, failure=failure, engine=engine)

    @property
    def text(self) -> str:
        """The words as plain text, a line a line."""
        return text_of(self.words)

    @property
    def confidence(self) -> float | None:
        """Mean confidence, 0–1; None where nothing was read."""
        return mean_confidence(self.words)

    @property
    def recognised(self) -> tuple[Word, ...]:
        """The words that the PDF does not draw as text itself."""
        return () if self.is_printed else tuple(word for word in self.words if not word.printed)

    @property
    def is_printed(self) -> bool:
        """Whether the PDF held the words as text already."""
        return self.engine == PRINTED

    def to_json(self) -> str:
        """The reading as compact JSON; words are lists in the order of `Word`'s fields."""
        facts = {name: getattr(self, name) for name in self.__slots__ if name != "words"}
        facts["words"] = [astuple(word) for word in self.words]
        return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The reading that `to_json` wrote."""
        facts: dict[str, Any] = json.loads(text)
        return cls(words=tuple(Word(*word) for word in facts.pop("words")), **facts)
