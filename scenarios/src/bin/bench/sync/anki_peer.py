"""Anki's sync with as many notes of about 500 bytes as it is told, against Anki's own server: seconds
up and down, and the bytes of a second run that goes by a counting proxy. Prints one line of JSON.

    python anki_peer.py RECORDS
"""

import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time

from anki.collection import Collection
from anki.sync_pb2 import SyncCollectionResponse

FULL = (
    SyncCollectionResponse.FULL_SYNC,
    SyncCollectionResponse.FULL_DOWNLOAD,
    SyncCollectionResponse.FULL_UPLOAD,
)


class Proxy:
    """Counts what goes through, both ways."""

    def __init__(self, port):
        self.bytes = 0
        self.to = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            device, _ = self.listener.accept()
            hub = socket.create_connection(("127.0.0.1", self.to))
            for ends in ((device, hub), (hub, device)):
                threading.Thread(target=self.carry, args=ends, daemon=True).start()

    def carry(self, source, to):
        while piece := source.recv(1 << 16):
            self.bytes += len(piece)
            to.sendall(piece)
        to.shutdown(socket.SHUT_WR)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def serve(folder):
    port = free_port()
    env = dict(
        os.environ,
        SYNC_USER1="u:p",
        SYNC_BASE=folder,
        SYNC_HOST="127.0.0.1",
        SYNC_PORT=str(port),
        RUST_LOG="error",
    )
    server = subprocess.Popen(
        [sys.executable, "-m", "anki.syncserver"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return server, port
        except OSError:
            if server.poll() is not None:
                raise SystemExit("the server ended")
            time.sleep(0.05)


def whole(collection, login, upload):
    """Anki's first sync is a copy of the whole file; what comes after is what is measured."""
    answer = collection.sync_collection(login, False)
    if answer.required in FULL:
        collection.close_for_full_sync()
        collection.full_upload_or_download(auth=login, server_usn=None, upload=upload)
        collection.reopen(after_full_sync=True)


def notes(collection, count):
    chance = random.Random(20261126)
    model = collection.models.by_name("Basic")
    deck = collection.decks.id("Default")
    for number in range(count):
        note = collection.new_note(model)
        text = "".join(chr(chance.randrange(0x4E00, 0x6E00)) for _ in range(24))
        place = json.dumps({"lng": chance.uniform(73, 135), "lat": chance.uniform(18, 53)})
        note["Front"] = f"{text}（第{number}处）{chance.getrandbits(128):032x}"
        note["Back"] = f"{place} {chance.getrandbits(128):032x} w-0101 grid:329901001001001 normal device submitted"
        collection.add_note(note, deck)


def run(folder, records, proxied):
    os.makedirs(folder)
    server, port = serve(os.path.join(folder, "server"))
    proxy = Proxy(port) if proxied else None
    address = f"http://127.0.0.1:{proxy.port if proxy else port}/"
    try:
        sides = []
        for name, upload in (("up", True), ("down", False)):
            collection = Collection(os.path.join(folder, f"{name}.anki2"))
            login = collection.sync_login("u", "p", address)
            if upload:
                # An empty server takes whole files only.
                notes(collection, 1)
            whole(collection, login, upload)
            sides.append((collection, login))
        (up, up_login), (down, down_login) = sides
        notes(up, records)
        taken = []
        for collection, login in sides:
            before = proxy.bytes if proxy else 0
            begun = time.monotonic()
            answer = collection.sync_collection(login, False)
            taken.append((time.monotonic() - begun, (proxy.bytes if proxy else 0) - before))
            assert answer.required == SyncCollectionResponse.NO_CHANGES, answer
        assert down.note_count() == records + 1, down.note_count()
        return taken
    finally:
        server.kill()
        server.wait()


def main():
    records = int(sys.argv[-1])
    with tempfile.TemporaryDirectory() as folder:
        (push, _), (pull, _) = run(os.path.join(folder, "fast"), records, False)
        (_, pushed), (_, pulled) = run(os.path.join(folder, "counted"), records, True)
    print(
        json.dumps(
            {
                "anki_push_rps": round(records / push),
                "anki_pull_rps": round(records / pull),
                "anki_push_bytes_per_record": round(pushed / records, 1),
                "anki_pull_bytes_per_record": round(pulled / records, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
