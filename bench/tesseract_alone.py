"""Tesseract and nothing else, on upright grey pages: the floor under every figure of bench.ocr.

`python -m bench.tesseract_alone FOLDER PROCESSES`; reads every PNG in the folder and prints the
texts as JSON. Each page is a Tesseract process, as in hoso.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytesseract


def read_all(folder: Path, processes: int) -> list[str]:
    """The text of every page, by file name, `processes` at a time."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    with ThreadPoolExecutor(processes) as threads:
        return list(threads.map(_read, sorted(folder.glob("*.png"))))


def _read(page: Path) -> str:
    # The same settings as hoso's own engine (hoso/ocr/tesseract.py).
    config = "--dpi 150 --psm 11 -c thresholding_method=2 -c tessedit_do_invert=0"
    return str(pytesseract.image_to_string(str(page), lang="vie", config=config))


if __name__ == "__main__":
    print(json.dumps(read_all(Path(sys.argv[1]), int(sys.argv[2]))))
