"""The load generator, a process of its own: sets up calls, sends and receives, and prints what it measured as JSON.

usage: python -m bench.media.generate --server relay|janus --url URL… --pid PID… --calls N
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from time import perf_counter_ns, sleep

from bench.media.clocks import Clocks, cpu_of
from bench.media.peers import Load, percentile
from bench.media.servers import JanusServer, Peers, RelayServer, Server, set_up
from media.engines.relay.forward import Pump
from media.engines.relay.sockets import Addresses

#: Seconds of sleep between two looks at what is due; far under what is measured.
NAP = 0.0002


async def work(load: Load, seconds: float) -> None:
    """Send and receive; aioice gets its turn every 20 ms."""
    end = perf_counter_ns() + int(seconds * 1e9)
    turn = 0
    while perf_counter_ns() < end:
        load.send_due()
        more = load.receive()
        turn += 1
        if turn % 50 == 0:
            await asyncio.sleep(0)
        if not more:
            sleep(NAP)


async def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """One row."""
    load = Load()
    pump = Pump(asyncio.get_running_loop())
    peers = Peers(pump, Addresses(bind=(arguments.address,)), load)
    server: Server
    if arguments.server == "relay":
        server = RelayServer(peers, arguments.url, os.environ["BENCH_SECRET"])
    else:
        server = JanusServer(peers, arguments.url[0])
    await server.start()
    before = sum(map(cpu_of, arguments.pid))
    began = perf_counter_ns()
    await set_up(server, arguments.calls)
    set_up_seconds = (perf_counter_ns() - began) / 1e9
    set_up_cpu = sum(map(cpu_of, arguments.pid)) - before
    load.begin(perf_counter_ns())
    await work(load, arguments.warm_up)
    clocks = Clocks(arguments.pid)
    start = perf_counter_ns()
    load.window = (start, start + int(arguments.seconds * 1e9))
    await work(load, arguments.seconds)
    used = clocks.read()
    await work(load, 0.5)
    row = {
        "server": arguments.server,
        "calls": arguments.calls,
        "workers": len(arguments.pid),
        "sent": load.sent,
        "received": load.received,
        "loss": 1 - load.received / load.sent,
        "packets_per_second": load.sent / arguments.seconds,
        "cpu_us_per_packet": used.server * 1e6 / load.sent,
        "core_us_per_packet": used.core * 1e6 / load.sent,
        "server_share": used.server / used.wall,
        "core_share": used.core / used.wall,
        "generator_share": used.own / used.wall,
        "foreign_share": used.foreign / used.wall,
        "p50_ms": percentile(load.latency, 0.50),
        "p99_ms": percentile(load.latency, 0.99),
        "p999_ms": percentile(load.latency, 0.999),
        "generator_late_ms": percentile(load.lateness, 1),
        "not_sent": load.refused,
        "set_up_seconds": set_up_seconds,
        "set_up_cpu_ms_per_call": set_up_cpu * 1e3 / arguments.calls,
        "memory_mb": used.memory_mb,
    }
    await server.stop()
    return row


def main() -> None:
    # Nothing else that the kernel does on this core shall make a packet late.
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", choices=["relay", "janus"], required=True)
    parser.add_argument("--url", required=True, nargs="+", help="several: workers of the relay, calls in turn")
    parser.add_argument("--pid", type=int, required=True, nargs="+")
    parser.add_argument("--calls", type=int, required=True)
    parser.add_argument("--address", default="10.99.0.1")
    parser.add_argument("--warm-up", type=float, default=3.0)
    parser.add_argument("--seconds", type=float, default=8.0)
    row = asyncio.run(measure(parser.parse_args()))
    json.dump(row, sys.stdout)
    sys.stdout.flush()
    # The peers are not taken down one by one: the servers are stopped after every row.
    os._exit(0)


if __name__ == "__main__":
    main()
