"""Frames arrive whole, whatever the pieces they travel in; what is none ends the connection."""

import asyncio
import socket
import struct
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.template.frames import Closed, Connection, Frame, receive, send

HEADERS = st.dictionaries(st.text(), st.none() | st.integers() | st.text() | st.lists(st.text()))
FRAMES = st.lists(st.builds(Frame, HEADERS, st.binary(max_size=3000)), max_size=5)


@given(FRAMES, st.integers(1, 4000))
def test_frames_arrive_whole_in_any_pieces(frames: list[Frame], size: int) -> None:
    data = b"".join(frame.encode() + frame.body for frame in frames)
    received: list[Frame] = []
    connection = Connection(received.append, lambda: None, 5000)
    for start in range(0, len(data), size):
        connection.data_received(data[start : start + size])
    assert received == frames


def test_blocking_sockets_carry_frames_larger_than_their_buffers() -> None:
    ours, theirs = socket.socketpair()
    frame = Frame({"text": "é\u2028"}, b"x" * 3_000_000)
    thread = threading.Thread(target=send, args=(theirs, frame))
    thread.start()
    assert receive(ours) == frame
    thread.join()
    theirs.close()
    with pytest.raises(Closed):
        receive(ours)
    with pytest.raises(Closed):
        send(ours, frame)
    ours.close()


@pytest.mark.parametrize(
    "data",
    [
        struct.pack("!IQ", 2, 10) + b"{}" + b"x" * 10,  # longer than is allowed
        struct.pack("!IQ", 2**31, 0),
        struct.pack("!IQ", 3, 0) + b"{}}",
        struct.pack("!IQ", 2, 0) + b"[]",
        struct.pack("!IQ", 2, 0) + b"\xff\xff",
    ],
)
def test_what_is_no_frame_ends_the_connection(data: bytes) -> None:
    async def talk() -> tuple[list[Frame], bytes]:
        received: list[Frame] = []
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.create_connection(
            lambda: Connection(received.append, lambda: None, 5), sock=theirs
        )
        await loop.sock_sendall(ours, data)
        rest = await asyncio.wait_for(loop.sock_recv(ours, 100), 5)
        ours.close()
        return received, rest

    assert asyncio.run(talk()) == ([], b"")
