"""The relay's own worker, told its address by arguments instead of the hub's settings."""

from __future__ import annotations

import asyncio
import os
import sys

from media.engines.relay.sockets import Addresses
from media.engines.relay.worker import Options, quiet, run

if __name__ == "__main__":
    quiet()
    asyncio.run(run(Options(sys.argv[1], os.environ["BENCH_SECRET"], Addresses(bind=(sys.argv[2],)))))
