"""Large answers while they are sent: from memory up to a quota, then from a file, then not."""

import asyncio
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from service.front.outbox import NoRoom, Outbox, Stalled

MIB = 1024 * 1024
START: Mapping[str, Any] = {"type": "http.response.start", "status": 200, "headers": []}


class Reader:
    """Takes what is sent; `held` until told to go on."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.begun = asyncio.Event()
        self.go = asyncio.Event()
        self.last: Mapping[str, Any] = {}

    async def send(self, message: Mapping[str, Any]) -> None:
        self.last = message
        self.sizes.append(len(message.get("body", b"")))
        self.begun.set()
        await self.go.wait()


def outbox(pool: ThreadPoolExecutor, seconds: float = 5, folder: Path | None = None) -> Outbox:
    return Outbox(4 * MIB, seconds, pool, folder)


def test_a_small_answer_is_one_message() -> None:
    async def main() -> None:
        with ThreadPoolExecutor(1) as pool:
            reader = Reader()
            reader.go.set()
            await outbox(pool).send(reader.send, START, [b"x" * 1000])
            assert reader.sizes == [0, 1000]
            assert not reader.last.get("more_body")

    asyncio.run(main())


def test_many_readers_of_the_same_bytes_take_room_for_one() -> None:
    async def main() -> None:
        with ThreadPoolExecutor(1) as pool:
            box = outbox(pool)
            body = b"x" * 3 * MIB
            readers = [Reader() for _ in range(10)]
            tasks = [
                asyncio.create_task(box.send(reader.send, START, [body])) for reader in readers
            ]
            await asyncio.sleep(0)
            assert (box.memory.held, box.disk.held) == (3 * MIB, 0)
            for number, reader in enumerate(readers):
                assert box.memory.held == 3 * MIB
                reader.go.set()
                await tasks[number]
            assert {sum(reader.sizes) for reader in readers} == {3 * MIB}
            assert box.memory.held == 0

    asyncio.run(main())


def test_large_ones_come_from_memory_then_from_files_then_not_at_all(tmp_path: Path) -> None:
    async def main() -> None:
        with ThreadPoolExecutor(1) as pool:
            box = outbox(pool, folder=tmp_path)
            readers = [Reader() for _ in range(2 + 128)]
            tasks = [
                asyncio.create_task(box.send(reader.send, START, [b"x" * 2 * MIB]))
                for reader in readers
            ]
            while not all(reader.sizes for reader in readers):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            assert (box.memory.held, box.disk.held) == (4 * MIB, 256 * MIB)
            assert os.listdir(tmp_path) == []  # noqa: PTH208 - the files have no names
            with pytest.raises(NoRoom):
                await box.send(readers[0].send, START, [b"x" * 2 * MIB])
            for reader in readers:
                reader.go.set()
            await asyncio.gather(*tasks)
            assert {sum(reader.sizes) for reader in readers} == {2 * MIB}
            assert all(not reader.last["more_body"] for reader in readers)
            assert (box.memory.held, box.disk.held) == (0, 0)

    asyncio.run(main())


@pytest.mark.parametrize("held", [0, 4 * MIB])
def test_a_reader_that_takes_nothing_is_left(held: int) -> None:
    async def main() -> None:
        with ThreadPoolExecutor(1) as pool:
            box = outbox(pool, seconds=0.1)
            box.memory.take(held)
            with pytest.raises(Stalled):
                await box.send(Reader().send, START, [b"x" * 2 * MIB])
            assert (box.memory.held, box.disk.held) == (held, 0)

    asyncio.run(main())


def test_without_room_on_the_disk_nothing_is_sent(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        with ThreadPoolExecutor(1) as pool:
            box = outbox(pool, folder=tmp_path / "missing")
            box.memory.take(4 * MIB)
            reader = Reader()
            with pytest.raises(NoRoom):
                await box.send(reader.send, START, [b"x" * 2 * MIB])
            assert reader.sizes == []
            assert box.disk.held == 0

    asyncio.run(main())
    assert "temporary file" in caplog.text


@pytest.mark.parametrize("stopped_before", [True, False])
def test_a_service_that_stops_leaves_its_readers(stopped_before: bool) -> None:
    async def main() -> None:
        with ThreadPoolExecutor(1) as pool:
            box = outbox(pool)
            box.memory.take(4 * MIB)
            reader = Reader()
            if stopped_before:
                pool.shutdown()
            sending = asyncio.create_task(box.send(reader.send, START, [b"x" * 2 * MIB]))
            if not stopped_before:
                await reader.begun.wait()  # it is spooled, and the head is on its way
                pool.shutdown()
                reader.go.set()
            with pytest.raises(Stalled):
                await sending
            assert box.disk.held == 0

    asyncio.run(main())
