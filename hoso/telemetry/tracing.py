"""Spans for OpenTelemetry: off unless the standard OTEL_* variables ask, and nothing loaded then.

A span has a name and opaque ids. It holds no path, no query, no SQL parameter and no exception's
words: what leaves for another machine must tell about nobody.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.metadata import version as installed
from typing import TYPE_CHECKING, Any, Final

from hoso.errors import TracingUnavailable

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer
    from sqlalchemy import Engine

_ASK: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_tracer: "Tracer | None" = None


def is_wanted() -> bool:
    """Whether the environment names somewhere to send spans to, and does not switch them off."""
    switched_off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    unwanted = switched_off or os.environ.get("OTEL_TRACES_EXPORTER") == "none"
    return not unwanted and any(os.environ.get(name) for name in _ASK)


@contextmanager
def tracing(role: str) -> Iterator[None]:
    """Send spans within this block, if that is wanted; the last ones leave before it ends.

    Raises TracingUnavailable where it is wanted and not installed.
    """
    if not is_wanted():
        yield
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415  # only where it is wanted
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as fault:
        raise TracingUnavailable from fault
    facts = {"service.version": installed("hoso")}
    if not os.environ.get("OTEL_SERVICE_NAME"):
        facts["service.name"] = f"hoso-{role}"
    provider = TracerProvider(resource=Resource.create(facts))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    try:
        with traced_by(provider.get_tracer("hoso")):
            yield
    finally:
        provider.shutdown()


@contextmanager
def traced_by(tracer: "Tracer") -> Iterator[None]:
    """Have spans made by this tracer within the block; the one before comes back after it."""
    global _tracer  # noqa: PLW0603  # one tracer a process, as loggers are
    before, _tracer = _tracer, tracer
    try:
        yield
    finally:
        _tracer = before


def span(name: str, **facts: str | int) -> AbstractContextManager[Any]:
    """A span around a block; nothing at all while tracing is off.

    A block that raises ends its span as an error of that kind; the error's words stay here.
    """
    return nullcontext() if _tracer is None else _span(_tracer, name, facts)


@contextmanager
def _span(tracer: "Tracer", name: str, facts: dict[str, str | int]) -> Iterator[Any]:
    from opentelemetry.trace import StatusCode  # noqa: PLC0415  # loaded where a tracer is

    with tracer.start_as_current_span(
        name, attributes=dict(facts), record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield current
        except BaseException as fault:
            current.set_attribute("error.type", type(fault).__name__)
            current.set_status(StatusCode.ERROR)
            raise


def trace_database(engine: "Engine") -> None:
    """A span around each statement: its first word (SELECT), and the kind of database."""
    from sqlalchemy import event  # noqa: PLC0415

    @event.listens_for(engine, "before_cursor_execute")
    def _begin(connection: Any, _c: Any, statement: str, _p: Any, context: Any, _m: Any) -> None:
        if _tracer is None:
            return
        verb = statement.split(None, 1)[0].upper() if statement.strip() else "SQL"
        context._hoso_span = _tracer.start_span(  # noqa: SLF001  # SQLAlchemy's place for such things
            f"db {verb}", attributes={"db.system.name": connection.dialect.name}
        )

    @event.listens_for(engine, "after_cursor_execute")
    def _end(_k: Any, _c: Any, _s: str, _p: Any, context: Any, _m: Any) -> None:
        if running := getattr(context, "_hoso_span", None):
            running.end()

    @event.listens_for(engine, "handle_error")
    def _fail(context: Any) -> None:
        if running := getattr(context.execution_context, "_hoso_span", None):
            running.set_attribute("error.type", type(context.original_exception).__name__)
            running.end()
