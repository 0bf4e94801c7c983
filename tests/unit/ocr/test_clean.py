import numpy as np

from hoso.ocr.clean import READING_DPI, capped


def test_a_sharp_scan_is_read_at_no_more_than_it_needs() -> None:
    pixels, factor = capped(np.zeros((300, 600), np.uint8), 300)
    assert (pixels.shape, factor) == ((200, 400), READING_DPI / 300)


def test_a_coarse_scan_is_never_enlarged() -> None:
    pixels, factor = capped(np.zeros((300, 600), np.uint8), 100)
    assert (pixels.shape, factor) == ((300, 600), 1.0)
