from hoso.ocr.words import Word, mean_confidence, text_of


def test_long_words_weigh_more_in_the_mean_confidence() -> None:
    words = [Word("nghiêng", 1.0, 0, 0, 1, 1), Word(".", 0.0, 0, 0, 1, 1)]
    assert mean_confidence(words) == 0.875


def test_a_page_without_words_has_no_confidence() -> None:
    assert mean_confidence([]) is None
    assert not text_of([])
