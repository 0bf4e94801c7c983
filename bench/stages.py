"""Where the time of one page goes: CPU seconds of each step, one page after the other.

`python -m bench.stages SCAN.pdf ENGINE`; prints JSON, seconds by step in the order of the work.
"""

import json
import resource
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2

from hoso.imaging.limits import Limits
from hoso.ocr import archive, bare_work, clean, orient, seals, sheet
from hoso.ocr.bare import BareFile
from hoso.ocr.binder import Binder
from hoso.ocr.engines import EngineChoice

# What each step is called here, and the functions it consists of, as their callers see them.
_STEPS: dict[str, tuple[tuple[Any, str], ...]] = {
    "open, decode": ((bare_work, "load_page"),),
    "codes": ((bare_work, "read_codes"),),
    "blank": ((bare_work, "look"),),
    "clean": (
        (seals, "without_red_seals"), (seals, "without_grey_seals"),
        (clean, "turned"), (clean, "capped"), (clean, "straightened"),
    ),
    "orient, skew": ((sheet, "ink_map"), (sheet, "measure_skew"), (orient, "run_of_lines")),
    "find lines": ((sheet, "find_lines"),),
    "text layer": ((Binder, "write_words"),),
    "PDF/A, write": ((archive, "save_as_pdfa"),),
}  # fmt: skip


def stages(scan: Path, kind: str) -> dict[str, float]:
    """CPU seconds by step, children included, for the whole file in this one process."""
    spent: defaultdict[str, float] = defaultdict(float)
    choice = EngineChoice(kind="tesserocr" if kind == "tesserocr" else "pytesseract")
    steps = dict(_STEPS) | {"recognise": ((type(choice.engine()), "recognise"),)}
    for step, functions in steps.items():
        for owner, name in functions:
            setattr(owner, name, _timed(getattr(owner, name), spent, step))
    cv2.setNumThreads(1)
    began = _cpu()
    with TemporaryDirectory() as folder:
        (Path(folder) / "work").mkdir()
        file = BareFile(scan, Path(folder) / "work", _in_this_process)
        count = file.open(Limits(1 << 40, 1 << 20, 1 << 40))
        for _ in file.read_pages(count, choice, at_once=1, seconds=120):
            pass
        file.write(Path(folder) / "o.pdf", title="", source_sha256="0" * 64)
    whole = _cpu() - began
    order = [*list(_STEPS)[:6], "recognise", *list(_STEPS)[6:]]
    return {step: spent[step] for step in order} | {"the rest": whole - sum(spent.values())}


def _in_this_process(function: Callable[..., Any], *work: Any, timeout_seconds: float) -> Any:
    del timeout_seconds
    return function(*work)


def _timed(function: Callable[..., Any], spent: dict[str, float], step: str) -> Callable[..., Any]:
    def timed(*args: Any, **options: Any) -> Any:
        began = _cpu()
        try:
            return function(*args, **options)
        finally:
            spent[step] += _cpu() - began

    return timed


def _cpu() -> float:
    used = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(it.ru_utime + it.ru_stime for it in used)


if __name__ == "__main__":
    print(json.dumps(stages(Path(sys.argv[1]), sys.argv[2])))
