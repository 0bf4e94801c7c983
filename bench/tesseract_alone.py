"""libtesseract and nothing else, on upright grey pages: the floor under the figures of bench.ocr.

`python -m bench.tesseract_alone FOLDER PROCESSES`; reads every PNG in the folder and prints the
texts as JSON. Its model is loaded once a process, with the settings that suit whole pages best.
"""

import json
import os
import sys
from multiprocessing import Pool
from pathlib import Path

import tesserocr
from PIL import Image

_SETTINGS = {"thresholding_method": "2", "tessedit_do_invert": "0"}
_DATA = "/usr/share/tesseract-ocr/5/tessdata"
_readers: list[tesserocr.PyTessBaseAPI] = []


def read_all(folder: Path, processes: int) -> list[str]:
    """The text of every page, by file name, `processes` at a time."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    with Pool(processes) as pool:
        return pool.map(_read, sorted(folder.glob("*.png")), chunksize=1)


def _read(page: Path) -> str:
    if not _readers:
        data = os.environ.get("TESSDATA_PREFIX", _DATA)
        reader = tesserocr.PyTessBaseAPI(path=data, lang="vie", psm=tesserocr.PSM.AUTO)
        for name, value in _SETTINGS.items():
            reader.SetVariable(name, value)
        _readers.append(reader)
    with Image.open(page) as picture:
        _readers[0].SetImage(picture)
        return str(_readers[0].GetUTF8Text())


if __name__ == "__main__":
    print(json.dumps(read_all(Path(sys.argv[1]), int(sys.argv[2]))))
