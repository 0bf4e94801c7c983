"""Spans where OTEL_* asks for them: what they hold, and that nothing of it is loaded otherwise."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from hoso.archive_api.accounts import Role
from hoso.archive_api.app import create_app
from hoso.telemetry import tracing
from hoso.wiring import Archive
from tests.builders import LAN, SetClock, a_dossier, a_token, an_archive
from tests.serving import a_client, served


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """What is traced within the test."""
    kept = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    with tracing.traced_by(provider.get_tracer("test")):
        yield kept


@pytest.fixture
def traced_archive(
    tmp_path: Path, migrated_database: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Archive]:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    with an_archive(tmp_path, migrated_database, clock) as made:
        yield made


def told(span: ReadableSpan) -> str:
    return f"{span.name} {dict(span.attributes or {})} {span.status.description} {span.events}"


def test_a_request_and_its_statements_are_one_trace(
    traced_archive: Archive, spans: InMemorySpanExporter
) -> None:
    token = a_token(traced_archive, Role.CLERK)
    spans.clear()
    with served(create_app(traced_archive)) as at, a_client(at, token) as clerk:
        answer = clerk.post("/api/v1/scans", files={"file": ("Lan 001185012345.pdf", b"%PDF-")})
        assert answer.status_code == 422

    finished = spans.get_finished_spans()
    request = next(span for span in finished if span.name == "POST /api/v1/scans")
    assert (request.attributes or {})["http.response.status_code"] == 422
    trace = request.context.trace_id if request.context else 0
    inside = {span.name for span in finished if span.context and span.context.trace_id == trace}
    assert "db SELECT" in inside


def test_spans_tell_about_nobody(traced_archive: Archive, spans: InMemorySpanExporter) -> None:
    dossier = a_dossier(traced_archive, owner=LAN, owner_name="Nguyễn Thị Lan")
    token = a_token(traced_archive, Role.CLERK)
    with served(create_app(traced_archive)) as at, a_client(at, token) as clerk:
        clerk.get(f"/api/v1/dossiers/{dossier.code}")
        clerk.get("/api/v1/search", params={"q": "Nguyễn Thị Lan"})
        clerk.post("/api/v1/lookups", json={"citizen_id": str(LAN), "purpose": "cấp lại"})
        clerk.get("/nobody/Lan")

    all_told = " ".join(told(span) for span in spans.get_finished_spans())

    assert "GET /api/v1/dossiers/{code}" in all_told
    for somebodys in ("Lan", str(LAN), dossier.code, "cấp lại"):
        assert somebodys not in all_told


def test_the_store_is_traced_and_can_do_what_it_could(
    traced_archive: Archive, spans: InMemorySpanExporter
) -> None:
    path = traced_archive.settings.data_dir / "scan"
    path.write_bytes(b"bytes")

    kept = traced_archive.store.put_file(path)
    with traced_archive.store.local_copy(kept.sha256) as copy:
        assert copy.read_bytes() == b"bytes"
    assert list(traced_archive.store.keys()) == [kept.sha256]

    names = [span.name for span in spans.get_finished_spans()]
    assert names == ["store put_file", "store local_copy"]


def test_a_block_that_raises_ends_its_span_without_its_words(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="Lan"), tracing.span("job page.read", subject="7"):
        raise ValueError("Nguyễn Thị Lan")

    (span,) = spans.get_finished_spans()
    assert (span.attributes or {})["error.type"] == "ValueError"
    assert "Lan" not in told(span)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://collector:4318/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_SDK_DISABLED": "true"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_TRACES_EXPORTER": "none"}, False),
    ],
)
def test_the_standard_variables_switch_it_on_and_off(
    monkeypatch: pytest.MonkeyPatch, asked: dict[str, str], *, wanted: bool
) -> None:
    for name in [name for name in os.environ if name.startswith("OTEL_")]:
        monkeypatch.delenv(name)
    for name, value in asked.items():
        monkeypatch.setenv(name, value)

    assert tracing.is_wanted() is wanted


def test_while_it_is_off_nothing_of_it_is_loaded() -> None:
    look = (
        "import sys, hoso.cli.serving, hoso.wiring.works\n"
        "from hoso.telemetry.tracing import span, tracing\n"
        "with tracing('web'), span('x'): pass\n"
        "print([m for m in sys.modules if m.startswith(('opentelemetry.sdk', "
        "'opentelemetry.exporter', 'requests', 'google.protobuf'))])"
    )
    bare = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}

    done = subprocess.run(
        [sys.executable, "-c", look], env=bare, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
