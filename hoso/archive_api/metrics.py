"""The figures as Prometheus reads them: one registry an application, nothing global."""

from collections.abc import Iterable, Iterator
from importlib.metadata import version as installed
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from hoso.dossier.figures import DossierFigures
from hoso.storage.fixity import Finding
from hoso.storage.kept import FixityFigures
from hoso.telemetry.tally import BOUNDS, Counted, Outcome
from hoso.wiring.figures import DiskFigures, Figures, WorkFigures

_REQUEST_BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """What one application tells about its own requests and about the whole archive."""

    def __init__(self, figures: Figures) -> None:
        self.registry = CollectorRegistry()
        self._answered = Counter(
            "hoso_requests", "Requests answered by this process.",
            ["method", "route", "status"], registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "hoso_request_seconds", "How long answers of this process took.",
            ["method", "route"], buckets=_REQUEST_BOUNDS, registry=self.registry,
        )  # fmt: skip
        self.registry.register(_OfTheArchive(figures))

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answered request."""
        self._answered.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self.registry)


class _OfTheArchive(Collector):
    """Reads the archive's figures each time it is asked; one that cannot be had is left out."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def describe(self) -> Iterable[Metric]:
        """Nothing yet: registering must not ask the database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Every family in a fixed order."""
        yield InfoMetricFamily(
            "hoso_release", "The release that runs.", {"version": installed("hoso")}
        )
        work, dossiers, disk = self._figures.work(), self._figures.dossiers(), self._figures.disk()
        yield _gauge("hoso_database_up", "1: the database answers.", work is not None)
        if work:
            yield from _of_work(work)
        if dossiers:
            yield from _of_dossiers(dossiers)
        if disk:
            yield from _of_disk(disk)
        if objects := self._figures.objects():
            yield from _of_objects(objects)


def _of_objects(objects: FixityFigures) -> Iterator[Metric]:
    yield _gauge("hoso_objects", "Objects that are kept.", objects.objects)
    yield _gauge("hoso_object_bytes", "Their size.", objects.bytes)
    findings = {kind.value: objects.findings.get(kind.value, 0) for kind in Finding}
    yield _by(
        "hoso_object_findings", "Objects found damaged and not put right yet.",
        "finding", findings.items(),
    )  # fmt: skip
    if objects.oldest_check:
        yield _gauge(
            "hoso_oldest_fixity_check_timestamp_seconds",
            "When the object was read that has gone longest without.",
            objects.oldest_check.timestamp(),
        )


def _of_work(work: WorkFigures) -> Iterator[Metric]:
    jobs = work.jobs
    yield _by("hoso_jobs_waiting", "Jobs that nobody has begun.", "queue", jobs.waiting.items())
    yield _by("hoso_jobs_running", "Jobs in hand.", "queue", jobs.running.items())
    yield _by(
        "hoso_oldest_job_seconds", "Age of the job that has waited longest; 0: none waits.",
        "queue", jobs.oldest_seconds.items(),
    )  # fmt: skip
    yield _gauge("hoso_workers_alive", "Workers heard of within 30 s.", jobs.workers)
    yield _job_seconds(work.done)
    failures = CounterMetricFamily(
        "hoso_job_failures", "Attempts at a job that failed; most are tried again.", labels=["job"]
    )
    for counted in work.done:
        if counted.outcome is Outcome.FAILED:
            failures.add_metric([counted.job], sum(counted.numbers))
    yield failures
    aside = {
        "file": work.files_set_aside,
        "page": work.failed.pages,
        "paper": work.failed.papers,
    }
    yield _by(
        "hoso_set_aside", "What could not be worked on and waits for somebody to look at it.",
        "kind", aside.items(),
    )  # fmt: skip


def _job_seconds(done: list[Counted]) -> Metric:
    family = HistogramMetricFamily(
        "hoso_job_seconds", "Jobs done by all workers, and how long each took.", labels=["job"]
    )
    edges = [*map(str, BOUNDS), "+Inf"]
    for counted in done:
        if counted.outcome is Outcome.DONE:
            buckets = list(zip(edges, map(float, accumulate(counted.numbers)), strict=True))
            family.add_metric([counted.job], buckets, counted.seconds)
    return family


def _of_dossiers(dossiers: DossierFigures) -> Iterator[Metric]:
    yield _gauge("hoso_dossiers_open", "Dossiers being worked on.", dossiers.open)
    yield _gauge(
        "hoso_dossiers_overdue", "Open dossiers past their due date that wait for no citizen.",
        dossiers.overdue,
    )  # fmt: skip
    yield _by(
        "hoso_dossiers_held", "Paper dossiers by the desk that holds them.",
        "desk", dossiers.holders.items(),
    )  # fmt: skip


def _of_disk(disk: DiskFigures) -> Iterator[Metric]:
    yield _gauge("hoso_disk_free_bytes", "Room left where the data folder lies.", disk.free)
    yield _gauge("hoso_disk_size_bytes", "The whole of that disk.", disk.total)
    yield _gauge("hoso_spooled_objects", "Objects that wait for the store's server.", disk.spooled)
    yield _gauge(
        "hoso_oldest_spooled_seconds", "How long the oldest of them has waited.",
        disk.spooled_seconds,
    )  # fmt: skip
    if disk.backed_up_at is not None:
        yield _gauge(
            "hoso_backup_timestamp_seconds", "When a backup last ended well.", disk.backed_up_at
        )


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=float(value))


def _by(name: str, meaning: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for value, number in sorted(values):
        family.add_metric([str(value)], float(number))
    return family
