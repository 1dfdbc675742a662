"""APScheduler's way to the same nudges: one job a learner in its SQLAlchemy store, all due at one moment.

A job does nothing and keeps no outcome. The store gets the pragmas that ours has.
"""

from __future__ import annotations

import asyncio
import json
import pickle
import resource
import sys
import time
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
CHUNK = 5000
_left = 0
_all_done: asyncio.Event


async def nudge(learner: int) -> None:  # noqa: ARG001
    """Note that a learner was nudged."""
    global _left  # noqa: PLW0603 - a job in a store is a function of a module
    _left -= 1
    if _left == 0:
        _all_done.set()


def connect(url: str) -> Engine:
    """Open the database as the bot does, with the driver that is not async."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address.set(drivername="postgresql+psycopg"))
    engine = create_engine(address)

    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", prepare)
    return engine


def fill(store: SQLAlchemyJobStore, scheduler: AsyncIOScheduler, jobs: int, due: datetime) -> None:
    """Write the rows that `add_job` would, in few transactions."""
    trigger = CronTrigger(day_of_week="mon", hour=9, timezone=UTC)
    store.jobs_t.create(store.engine, checkfirst=True)
    for begin in range(0, jobs, CHUNK):
        rows = []
        for number in range(begin, min(begin + CHUNK, jobs)):
            job = Job(
                scheduler,
                id=str(number),
                func=nudge,
                args=(number,),
                kwargs={},
                trigger=trigger,
                name="nudge",
                executor="default",
                misfire_grace_time=None,
                coalesce=True,
                max_instances=1,
                next_run_time=due,
            )
            state = pickle.dumps(job.__getstate__(), pickle.HIGHEST_PROTOCOL)
            rows.append({"id": job.id, "next_run_time": due.timestamp(), "job_state": state})
        with store.engine.begin() as connection:
            connection.execute(store.jobs_t.insert(), rows)


async def run(url: str, jobs: int) -> dict[str, float]:
    """Run every job once; return what it took."""
    global _left, _all_done
    _left, _all_done = jobs, asyncio.Event()
    store = SQLAlchemyJobStore(engine=connect(url))
    scheduler = AsyncIOScheduler(jobstores={"default": store}, timezone=UTC)
    wall, cpu = time.perf_counter(), time.process_time()
    scheduler.start()
    await _all_done.wait()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    scheduler.shutdown(wait=False)
    return {"sent": jobs, "wall": wall, "cpu": cpu}


async def idle(url: str) -> dict[str, float]:
    """Ask the store what is due, while nothing is."""
    store = SQLAlchemyJobStore(engine=connect(url))
    AsyncIOScheduler(jobstores={"default": store}, timezone=UTC).start(paused=True)
    begin = time.perf_counter()
    for _ in range(100):
        store.get_due_jobs(datetime.now(UTC) - timedelta(days=3650))
        store.get_next_run_time()
    return {"wall": (time.perf_counter() - begin) / 100}


def main() -> None:
    """Do one operation, and say what it cost."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("operation", choices=("fill", "burst", "idle"))
    parser.add_argument("url")
    parser.add_argument("--rules", type=int, default=0)
    chosen = parser.parse_args()
    told: dict[str, float] = {}
    if chosen.operation == "fill":
        store = SQLAlchemyJobStore(engine=connect(chosen.url))
        due = datetime.now(UTC) - timedelta(seconds=1)
        fill(store, AsyncIOScheduler(jobstores={"default": store}, timezone=UTC), chosen.rules, due)
    else:
        told = asyncio.run(run(chosen.url, chosen.rules) if chosen.operation == "burst" else idle(chosen.url))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump(told | {"memory": memory}, sys.stdout)


if __name__ == "__main__":
    main()
