"""Lends a container the loopback ports of this machine: the engine's hook, run before a function starts.

`sam local` gives each function a network of its own, where 127.0.0.1 is the container itself. A listening socket
belongs to the network namespace it was made in and a connection to the one it is made in, so one process can
listen inside the container, connect outside it, and no service has to leave the loopback interface.

Arguments: the file that names the ports, one a line. Input: the container's state, as the OCI hooks give it.
"""

import asyncio
import ctypes
import json
import os
import socket
import sys
from pathlib import Path

CLONE_NEWNET = 0x40000000
CHUNK = 65536


def enter_network(path: str) -> None:
    """Moves this process into the network namespace at `path`; OSError where the kernel refuses."""
    libc = ctypes.CDLL(None, use_errno=True)
    namespace = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if libc.setns(namespace, CLONE_NEWNET) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), path)
    finally:
        os.close(namespace)


def listen_inside(pid: int, ports: list[int]) -> list[socket.socket]:
    """Listening sockets on the loopback of the process `pid`'s network."""
    outside = f"/proc/{os.getpid()}/ns/net"
    held = os.open(outside, os.O_RDONLY | os.O_CLOEXEC)
    enter_network(f"/proc/{pid}/ns/net")
    try:
        return [socket.create_server(("127.0.0.1", port)) for port in ports]
    finally:
        enter_network(f"/proc/self/fd/{held}")
        os.close(held)


async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
    except ConnectionError:
        pass  # either side may hang up; the other learns it by its own end
    finally:
        writer.close()


async def forward(sockets: list[socket.socket], pid: int) -> None:
    """Serves until the container's first process has ended."""

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = writer.get_extra_info("sockname")[1]
        try:
            out_reader, out_writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(pour(reader, out_writer), pour(out_reader, writer))

    ended = asyncio.Event()
    process = os.pidfd_open(pid)
    asyncio.get_running_loop().add_reader(process, ended.set)
    servers = [await asyncio.start_server(connect, sock=one) for one in sockets]
    await ended.wait()
    for server in servers:
        server.close()


def main() -> None:
    pid = json.load(sys.stdin)["pid"]
    ports = [int(line) for line in Path(sys.argv[1]).read_text().split()]
    sockets = listen_inside(pid, ports)
    if os.fork():
        return  # the ports listen: the engine may start the function
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    asyncio.run(forward(sockets, pid))


if __name__ == "__main__":
    main()
