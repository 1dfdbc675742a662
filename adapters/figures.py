"""What Prometheus gets to know of the nudges: how many, how late, what went wrong. Names no learner and no lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from bot.nudges.landing import PENDING
from bot.nudges.model import GRACE, DeliveryState

if TYPE_CHECKING:
    from datetime import datetime

    from bot.nudges.landing import Landing
    from bot.nudges.model import Delivery
    from bot.store.backlog import Backlog

_LAGS = (1, 2, 5, 10, 30, 60, 300, 3600, 43200)  # seconds; what is older than 12 hours is not sent


class Figures:
    """The figures of one process: counted where something ends, and set from the store before they are shown."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._due = Gauge("waymark_nudges_due", "Due by now and not begun", registry=registry)
        self._claimed = Gauge("waymark_nudges_claimed", "Begun and not known to have ended", registry=registry)
        self._held = Gauge("waymark_lanes_held", "Lanes that a worker holds", registry=registry)
        self._stopped = Gauge("waymark_lanes_stopped", "Lanes in which nothing goes out", registry=registry)
        self._sent = Counter("waymark_nudges_sent", "Arrived", registry=registry)
        self._late = Counter("waymark_nudges_late", "Arrived over five minutes after they were due", registry=registry)
        self._unknown = Counter("waymark_nudges_unknown", "Nobody can say whether they arrived", registry=registry)
        self._failed = Counter("waymark_nudges_failed", "Calls without success", ["reason"], registry=registry)
        self._lag = Histogram("waymark_nudge_lag_seconds", "From due to arrived", buckets=_LAGS, registry=registry)

    def note(self, delivery: Delivery, landing: Landing, at: datetime) -> None:
        """Count what a delivery came to at a moment."""
        match landing.state:
            case DeliveryState.SENT:
                lag = at - delivery.due_at
                self._sent.inc()
                self._late.inc(lag > GRACE)
                self._lag.observe(lag.total_seconds())
            case DeliveryState.UNKNOWN:
                self._unknown.inc()
            case DeliveryState.REFUSED | DeliveryState.UNCLEAR | DeliveryState.PENDING if landing.came_from != PENDING:
                self._failed.labels(landing.reason).inc()

    def show(self, backlog: Backlog) -> None:
        """Set what was counted in the store."""
        self._due.set(backlog.due)
        self._claimed.set(backlog.claimed)
        self._held.set(backlog.held)
        self._stopped.set(backlog.stopped)
