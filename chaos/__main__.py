"""The command behind `scripts/chaos`: each scenario in turn, one line of the table for each."""

import argparse
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bench.report import note, print_report
from chaos.judge import Verdict, judge
from chaos.office import Plan, Servers, an_office, servers
from chaos.scenarios import SCENARIOS, Scenario

_HEADINGS = ("scenario", "scans kept", "hand-offs", "slips", "… S3 away", "freed s", "taken up s",
             "untracked", "requests", "minutes", "holds")  # fmt: skip


def main() -> None:
    """Run what is asked for; ends 1 when anything does not hold."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # or servers would stay behind
    given = _arguments()
    chosen = [each for each in SCENARIOS if not given.only or each.name in given.only]
    batches = 20 if given.quick else given.batches
    rows: list[Sequence[str]] = []
    failed = []
    with _folder(given.keep) as folder, servers(folder) as running:
        for scenario in chosen:
            missing = scenario.needs()
            if missing:
                rows.append(
                    [scenario.name, *"–" * (len(_HEADINGS) - 2), f"skipped: needs {missing}"]
                )
                continue
            plan = scenario.plan(batches, seed=given.seed, minutes=given.minutes)
            begun = time.monotonic()
            verdict = _run(scenario, plan, folder, running)
            rows.append(_row(scenario, verdict, (time.monotonic() - begun) / 60))
            if not verdict.holds:
                failed.append(scenario.name)
    print_report(
        f"Faults: {batches} batches, seed {given.seed}", _HEADINGS, rows,
        packages=("dbos", "sqlalchemy", "psycopg", "minio"),
    )  # fmt: skip
    sys.exit(1 if failed else 0)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Where everything lies: gone at the end, unless somebody wants to read the logs."""
    if keep is not None:
        keep.mkdir(mode=0o755, parents=True)
        yield keep.resolve()
        return
    with TemporaryDirectory(prefix="hoso-chaos-") as name:
        yield Path(name)


def _run(scenario: Scenario, plan: Plan, folder: Path, running: Servers) -> Verdict:
    note(f"{scenario.name}: {scenario.what}")
    place = folder / scenario.name
    place.mkdir()
    with an_office(place, running, Random(plan.seed)) as office:
        scenario.happens(office, plan)
        office.come_to_rest()
        verdict = judge(office)
    for line in (*verdict.notes, *sorted(set(verdict.wrong))):
        note(f"  {line}")
    return verdict


def _row(scenario: Scenario, verdict: Verdict, minutes: float) -> Sequence[str]:
    return [
        scenario.name,
        str(verdict.acknowledged),
        str(verdict.handed_over),
        str(verdict.slips),
        str(verdict.slips_while_s3_was_down),
        _longest([each.freed for each in verdict.taken_up]),
        _longest([each.begun for each in verdict.taken_up]),
        ", ".join(f"{n} {what}" for what, n in sorted(verdict.untracked.items())) or "0",
        str(verdict.requests),
        f"{minutes:.1f}",
        "yes" if verdict.holds else "NO: " + "; ".join(sorted(set(verdict.wrong)))[:200],
    ]


def _longest(seconds: Sequence[float]) -> str:
    """The longest, and of how many."""
    return f"{max(seconds):.1f} of {len(seconds)}" if seconds else "–"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/chaos", description=__doc__)
    parser.add_argument("--batches", type=int, default=200, help="of the largest scenario")
    parser.add_argument("--seed", type=int, default=1, help="of every moment and every choice")
    parser.add_argument(
        "--minutes", type=float, default=10.0, help="no more kills after that (scenario kills)"
    )
    parser.add_argument("--quick", action="store_true", help="20 batches")
    parser.add_argument(
        "--only", nargs="*", choices=[each.name for each in SCENARIOS], help="these scenarios"
    )
    parser.add_argument("--keep", type=Path, help="a new folder for data and logs, which stays")
    return parser.parse_args()


if __name__ == "__main__":
    main()
