"""OpenTelemetry traces; exported by OTLP when `OTEL_EXPORTER_OTLP_ENDPOINT` is set."""

from __future__ import annotations

import os

from opentelemetry import propagate, trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio


def configure_tracing(service: str, *, ratio: float) -> TracerProvider:
    """Install the process's tracer provider and return it, to be shut down at the end."""
    provider = TracerProvider(
        sampler=ParentBasedTraceIdRatio(ratio), resource=Resource.create({"service.name": service})
    )
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        # Imported on demand: the exporter costs memory that a town without a collector need not spend.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider


def current_traceparent() -> str | None:
    """Return the W3C traceparent of the current span, None outside of any."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent")
