import asyncio
import os
import subprocess
import sys
import time

import pytest

from graph.template.meter import Meter, processor_seconds

linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is time that counts")
BUSY = "while True: pass"
IDLE = "import time; time.sleep(60)"


def work_for(seconds: float) -> None:
    began = time.process_time()
    while time.process_time() - began < seconds:
        pass


@linux
def test_it_is_what_the_process_itself_says() -> None:
    work_for(0.05)
    assert processor_seconds(os.getpid()) == pytest.approx(time.process_time(), abs=0.02)


@linux
def test_a_process_that_is_gone_has_used_nothing() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert processor_seconds(process.pid) == 0


async def metered(program: str, seconds: float, patience: float) -> bool:
    called = asyncio.Event()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    meter = Meter(process.pid, seconds, called.set)
    try:
        async with asyncio.timeout(patience):
            await called.wait()
    except TimeoutError:
        return False
    else:
        assert processor_seconds(process.pid) >= seconds
        return True
    finally:
        meter.cancel()
        process.kill()
        await process.wait()


@linux
def test_work_counts() -> None:
    assert asyncio.run(metered(BUSY, 0.2, 30))


@linux
def test_waiting_does_not() -> None:
    assert not asyncio.run(metered(IDLE, 0.5, 1.5))


def test_one_that_is_cancelled_does_nothing() -> None:
    async def cancelled() -> bool:
        called = asyncio.Event()
        Meter(os.getpid(), 0.01, called.set).cancel()
        work_for(0.05)
        await asyncio.sleep(0.05)
        return called.is_set()

    assert not asyncio.run(cancelled())
