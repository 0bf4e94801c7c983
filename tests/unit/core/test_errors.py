"""Refusals keep their facts on every way they travel."""

import pickle
from string import Formatter

import pytest

from hoso import errors
from hoso.errors import FileTooLarge, HosoError, ObjectMissing


def every_error() -> list[type[HosoError]]:
    """The refusals themselves; the kinds above them have no code of their own."""
    found = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    refusals = [kind for kind in found if issubclass(kind, HosoError) and kind is not HosoError]
    return [kind for kind in refusals if "code" in vars(kind)]


def facts_named_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_a_sentence_states_the_facts_in_either_language() -> None:
    error = FileTooLarge(name="quét.pdf", limit_mb=512)

    assert error.sentence() == "Tệp quét.pdf lớn hơn 512 MB. Hãy chia thành nhiều tệp nhỏ hơn."
    assert error.sentence("en") == "quét.pdf is larger than 512 MB. Split it into smaller files."


def test_an_error_comes_out_of_a_child_process_with_its_facts() -> None:
    error = pickle.loads(pickle.dumps(ObjectMissing(sha256="ab12")))  # noqa: S301  # our own

    assert isinstance(error, ObjectMissing)
    assert error.facts == {"sha256": "ab12"}


def test_a_fact_with_braces_in_it_is_shown_as_it_is() -> None:
    assert "{name}.pdf" in FileTooLarge(name="{name}.pdf", limit_mb=1).sentence()


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: kind.code)
def test_both_sentences_name_facts_of_the_same_error(kind: type[HosoError]) -> None:
    vi = {fact.removesuffix("_vi") for fact in facts_named_in(kind.vi)}
    en = {fact.removesuffix("_en") for fact in facts_named_in(kind.en)}
    assert vi == en
    assert kind.vi != HosoError.vi


def test_no_two_errors_share_a_code() -> None:
    codes = [kind.code for kind in every_error()]
    assert len(codes) == len(set(codes))
