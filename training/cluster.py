"""Work spread over the workers of a Dask cluster instead of the cores of this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import joblib

from training.table import TrainingError

# Seconds to wait for the scheduler.
PATIENCE = 10


class ClusterError(TrainingError):
    """A cluster that cannot be used; the message names the remedy."""


@contextmanager
def on_cluster(address: str | None) -> Iterator[None]:
    """Everything that joblib runs inside the block runs on the cluster at this address; on this machine for None.

    The workers need this version of Leadline installed. Raises: ClusterError where Dask is missing, or no scheduler
    answers.
    """
    if address is None:
        yield
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError("--cluster needs Dask, which is not installed: pip install 'leadline[cluster]'") from error
    try:
        client: Any = Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call] # untyped there
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {address!r} (such as tcp://10.0.0.5:8786): {error}"
        ) from error
    with client, joblib.parallel_config("dask", client=client):
        yield
