"""What hoso does beyond one machine's load, on a real PostgreSQL of its own, one table a part.

Parts: pages (workers, overhead), lookups, handoffs, intake, memory. All of them take some 25
minutes on two quiet cores; most of it is reading pages and making ten million rows.
"""

import argparse
from collections.abc import Callable, Mapping

from bench import scale_answers, scale_intake, scale_reading
from bench.report import print_machine

_PARTS: Mapping[str, Callable[[argparse.Namespace], None]] = {
    "pages": lambda asked: scale_reading.print_pages(20 if asked.quick else 120),
    "lookups": lambda asked: scale_answers.print_lookups(quick=asked.quick),
    "handoffs": lambda asked: scale_answers.print_handoffs(quick=asked.quick),
    "intake": lambda asked: scale_intake.print_intake(quick=asked.quick),
    "memory": lambda asked: scale_reading.print_memory(60 if asked.quick else asked.pages),
}


def main() -> None:
    """Run the parts asked for."""
    parser = argparse.ArgumentParser(prog="scripts/bench scale", description=__doc__)
    parser.add_argument("--part", action="append", choices=_PARTS, help="default: all")
    parser.add_argument("--pages", type=int, default=400, help="of the part memory")
    parser.add_argument("--quick", action="store_true", help="less of everything: minutes")
    asked = parser.parse_args()
    print_machine(packages=("dbos", "sqlalchemy", "psycopg", "fastapi", "uvicorn", "pytesseract"))
    for part in asked.part or _PARTS:
        _PARTS[part](asked)


if __name__ == "__main__":
    main()
