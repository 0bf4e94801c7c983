"""What a dossier costs on this machine, and what a commune, a province and the country need.

Costs are slopes: what the second lot of dossiers costs more than the first, start-up left out.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import handoff, lookup
from bench.cost import cost_of
from bench.dossier_work import PAGES_A_DOSSIER
from bench.filled import a_token, an_archive, fill, receive_dossiers
from bench.report import cores, note, print_report, print_table, wants_quick
from bench.service import Asking, Server, drive, served
from hoso.archive_api.accounts import Role

# Of a centre in figures: 38 to 75 dossiers a day in communes, 490 in a town.
_DAYS_A_YEAR = 250
_BUSIEST_HOUR = 0.2  # of a day's dossiers
_LOOKUPS_A_DOSSIER, _SCANS_A_DOSSIER = 2, 8
_MOST_BUSY = 0.6  # of a core, where people wait


@dataclass(frozen=True, slots=True)
class Costs:
    """CPU seconds and bytes: of a page, of a dossier's rows, of one request of a kind."""

    page_cpu: float
    page_bytes: float
    dossier_rows: float
    lookup_cpu: float
    scan_cpu: float


@dataclass(frozen=True, slots=True)
class Need:
    """What so many dossiers a day need."""

    name: str
    dossiers: int
    costs: Costs

    @property
    def pages_an_hour(self) -> float:
        """Pages taken in during the busiest hour."""
        return self.dossiers * PAGES_A_DOSSIER * _BUSIEST_HOUR

    @property
    def reading_cores(self) -> float:
        """Cores that read the busiest hour's pages within that hour."""
        return self.pages_an_hour * self.costs.page_cpu / 3600

    @property
    def web_cores(self) -> float:
        """Cores that answer the busiest hour's requests and are idle often enough."""
        each = _LOOKUPS_A_DOSSIER * self.costs.lookup_cpu + _SCANS_A_DOSSIER * self.costs.scan_cpu
        return self.dossiers * _BUSIEST_HOUR * each / 3600 / _MOST_BUSY

    def row(self) -> list[str]:
        """One row under the headings of `_print_needs`."""
        a_year = self.dossiers * _DAYS_A_YEAR
        return [
            self.name,
            f"{self.dossiers:,}",
            f"{self.pages_an_hour / 3600:.2f}",
            f"{self.reading_cores:.1f}",
            f"{self.web_cores:.2f}",
            f"{a_year * PAGES_A_DOSSIER * self.costs.page_bytes / 1e12:.2f}",
            f"{a_year * self.costs.dossier_rows / 1e9:.1f}",
            f"{a_year / 1e6:.2f}",
            f"{a_year * _SCANS_A_DOSSIER / 1e6:.1f}",
        ]


def main() -> None:
    """Measure, then multiply."""
    quick = wants_quick("what offices need")
    costs = _costs(1 if quick else 2, 2 if quick else 6)
    print_report(
        f"Cost of a dossier of {PAGES_A_DOSSIER} pages (covers and blank backs among them), "
        f"{cores()} pages at once",
        ("CPU s a page", "KB stored a page", "KB of rows a dossier", "CPU ms a lookup",
         "CPU ms a desk's scan"),
        [[f"{costs.page_cpu:.2f}", f"{costs.page_bytes / 1e3:.0f}",
          f"{costs.dossier_rows / 1e3:.0f}", f"{1e3 * costs.lookup_cpu:.1f}",
          f"{1e3 * costs.scan_cpu:.1f}"]],
        packages=("pytesseract", "sqlalchemy", "fastapi"),
    )  # fmt: skip
    _print_needs(costs)


def _print_needs(costs: Costs) -> None:
    print()
    needs = (
        ("a commune", 50),
        ("a town's centre", 490),
        ("a province of 100 centres", 100 * 50),
        ("the country: 3,321 communes, 34 provincial centres", 3321 * 50 + 34 * 490),
    )
    print_table(
        ("who", "dossiers a day", "pages/s", "cores reading", "cores answering",
         "TB of objects a year", "GB of rows a year", "million dossiers a year",
         "million custody events a year"),
        [Need(name, dossiers, costs).row() for name, dossiers in needs],
    )  # fmt: skip


def _costs(few: int, many: int) -> Costs:
    first, second = _work(few), _work(many)
    dossiers = many - few
    pages = dossiers * PAGES_A_DOSSIER
    cpu, objects, rows = (after - before for before, after in zip(first, second, strict=True))
    lookup_cpu, scan_cpu = _answers()
    return Costs(cpu / pages, objects / pages, rows / dossiers, lookup_cpu, scan_cpu)


def _work(dossiers: int) -> tuple[float, float, float]:
    """CPU seconds, bytes of objects and of rows of so many dossiers."""
    note(f"{dossiers} dossiers taken in, read and archived")
    with TemporaryDirectory() as name:
        left, data = Path(name) / "left.json", Path(name) / "data"
        data.mkdir()
        command = [sys.executable, "-m", "bench.dossier_work", str(data), str(dossiers)]
        cpu = cost_of(command, stdout=left).cpu_seconds
        facts = json.loads(left.read_text())
    return cpu, facts["objects"], facts["rows"]


def _answers() -> tuple[float, float]:
    """CPU seconds of a lookup and of a desk's scan, as one client asks."""
    note("lookups and hand-offs")
    with TemporaryDirectory() as name:
        folder = Path(name)
        with an_archive(folder) as archive:
            numbers = fill(archive, components=3_000, owners=900)
            clerk = a_token(archive, "bench-clerk", Role.CLERK)
            dossiers = iter(receive_dossiers(archive, [handoff.PROCEDURE] * 300))
            readers = handoff.readers(archive)
        with served(folder) as server:
            return (
                _each(server, lookup.asking(numbers, clerk)),
                _each(server, handoff.carrying(dossiers, readers)),
            )


def _each(server: Server, make: Asking) -> float:
    drive(server, 1, 1.0, make)
    load = drive(server, 1, 5.0, make)
    return load.server_cpu_seconds / len(load.latencies)


if __name__ == "__main__":
    main()
