"""What hosts and Prometheus get to see over HTTP."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.parser import text_string_to_metric_families

from adapters.health import served
from bot.errors import SettingsError

SOON = timedelta(milliseconds=200)


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


async def well() -> None:
    return


async def test_health_is_ok_when_the_look_succeeds(registry: CollectorRegistry) -> None:
    async with served(0, registry, well) as port:
        assert await asyncio.to_thread(get, port, "/healthz") == (200, "ok\n")


async def test_health_is_not_ok_when_the_look_fails(registry: CollectorRegistry) -> None:
    async def ill() -> None:
        raise ConnectionError

    async with served(0, registry, ill) as port:
        assert await asyncio.to_thread(get, port, "/healthz") == (503, "not well\n")


async def test_health_is_not_ok_when_the_look_never_ends_and_it_is_given_up(registry: CollectorRegistry) -> None:
    given_up = asyncio.Event()

    async def hang() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            given_up.set()

    async with served(0, registry, hang, SOON) as port:
        assert await asyncio.to_thread(get, port, "/healthz") == (503, "not well\n")
        await given_up.wait()


async def test_the_figures_are_looked_up_for_each_question_and_can_be_parsed(registry: CollectorRegistry) -> None:
    gauge = Gauge("looks", "How often somebody looked", registry=registry)

    async def look() -> None:
        gauge.inc()

    async with served(0, registry, look) as port:
        await asyncio.to_thread(get, port, "/metrics")
        _, text = await asyncio.to_thread(get, port, "/metrics")
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert families["looks"].samples[0].value == 2


async def test_figures_are_shown_even_when_the_look_fails(registry: CollectorRegistry) -> None:
    Gauge("kept", "What was known before", registry=registry).set(7)

    async def ill() -> None:
        raise ConnectionError

    async with served(0, registry, ill) as port:
        status, text = await asyncio.to_thread(get, port, "/metrics")
    assert (status, "kept 7.0" in text) == (200, True)


async def test_any_other_page_says_which_there_are(registry: CollectorRegistry) -> None:
    async with served(0, registry, well) as port:
        assert await asyncio.to_thread(get, port, "/") == (404, "Try /healthz or /metrics.\n")


async def test_a_port_that_is_taken_is_told_as_a_setting_that_cannot_be_used(registry: CollectorRegistry) -> None:
    async with served(0, registry, well) as port:
        with pytest.raises(SettingsError, match="PORT cannot be used: Address already in use"):
            async with served(port, registry, well):
                pass


async def test_the_port_is_free_again_afterwards(registry: CollectorRegistry) -> None:
    async with served(0, registry, well) as port:
        pass
    async with served(port, registry, well) as again:
        assert again == port
