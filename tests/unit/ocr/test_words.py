from hoso.ocr.words import Word, in_reading_order, mean_confidence, text_of


def a_word(text: str, x: float, y: float, *, height: float = 12.0) -> Word:
    return Word(text, 0.9, x, y, 10.0 * len(text), height)


def test_pieces_at_one_height_become_one_line_from_left_to_right() -> None:
    pieces = [
        [a_word("Độc", 300, 101)],
        [a_word("dưới", 50, 130)],
        [a_word("PHƯỜNG", 50, 100), a_word("LÁI", 130, 100)],
    ]
    assert text_of(in_reading_order(pieces)) == "PHƯỜNG LÁI Độc\ndưới"


def test_lines_are_numbered_in_reading_order() -> None:
    words = in_reading_order([[a_word("hai", 50, 130)], [a_word("một", 50, 100)]])
    assert [(word.text, word.line) for word in words] == [("một", 0), ("hai", 1)]


def test_what_lies_above_another_word_is_never_on_its_line() -> None:
    pieces = [[a_word("trên", 50, 100)], [a_word("dưới", 50, 103)]]
    assert text_of(in_reading_order(pieces)) == "trên\ndưới"


def test_a_tall_word_does_not_pull_two_lines_together() -> None:
    pieces = [
        [a_word("một", 50, 100)],
        [a_word("hai", 50, 116)],
        [a_word("DẤU", 300, 95, height=40)],
    ]
    assert text_of(in_reading_order(pieces)).splitlines() == ["một", "DẤU", "hai"]


def test_long_words_weigh_more_in_the_mean_confidence() -> None:
    words = [Word("nghiêng", 1.0, 0, 0, 1, 1), Word(".", 0.0, 0, 0, 1, 1)]
    assert mean_confidence(words) == 0.875


def test_a_page_without_words_has_no_confidence() -> None:
    assert mean_confidence([]) is None
    assert not text_of([])
