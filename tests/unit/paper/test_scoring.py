import pytest

from tests.paper.scoring import character_error, edit_distance, order_free_error


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("Hồ sơ", "Hỏ sơ", 1)],
)
def test_edit_distance_counts_insertions_deletions_and_changes(
    one: str, other: str, edits: int
) -> None:
    assert edit_distance(one, other) == edits


def test_a_perfect_reading_has_no_error_however_it_is_spaced() -> None:
    assert character_error("giấy  khai\nsinh", "giấy khai sinh") == 0
    assert order_free_error("giấy  khai\nsinh", "giấy khai sinh") == 0


def test_decomposed_letters_are_the_same_letters() -> None:
    assert character_error("Hộ tịch", "Ho\u0323\u0302 ti\u0323ch") == 0
    assert order_free_error("Hộ tịch", "Ho\u0323\u0302 ti\u0323ch") == 0


def test_blocks_in_another_order_cost_nothing_when_order_is_free() -> None:
    truth, read = "ỦY BAN NHÂN DÂN Độc lập Tự do", "Độc lập Tự do ỦY BAN NHÂN DÂN"
    assert order_free_error(truth, read) == 0
    assert character_error(truth, read) > 0.5


def test_a_wrong_letter_costs_one_letter() -> None:
    assert order_free_error("KẾT HÔN", "HÔN KÉT") == pytest.approx(1 / 6)


def test_words_lost_and_words_invented_cost_their_length() -> None:
    assert order_free_error("một hai ba", "một") == pytest.approx(5 / 8)
    assert order_free_error("một", "một hai ba") == pytest.approx(5 / 3)
    assert order_free_error("một hai", "") == 1


def test_a_word_is_missed_as_often_as_it_stands_there() -> None:
    assert order_free_error("nam nam nam", "nam") == pytest.approx(2 / 3)


def test_words_are_paired_with_their_nearest() -> None:
    assert order_free_error("đường phường", "phườmg đườmg") == pytest.approx(2 / 11)
