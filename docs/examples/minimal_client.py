#!/usr/bin/env python3
"""A minimal device, written from docs/protocol.md alone: enrols, reports one case with a photo,
pulls everything it may see and prints it. Python's standard library and `zstandard`.

    minimal_client.py http://127.0.0.1:8640 K7QM-3F9T-XW2A [photo.jpg]

A real device keeps its operations on disk until they are confirmed, and its token and cursors too;
this one forgets all when it ends.
"""
import base64, hashlib, json, os, struct, sys, time, urllib.error, urllib.parse, urllib.request, uuid

import zstandard

BOOT = uuid.uuid4().hex


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A captive portal would get the token (section 2.1)."""

    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))


class Device:
    def __init__(self, hub):
        self.hub, self.token = hub.rstrip("/"), None

    def call(self, method, path, body=None, **headers):
        """One request; gives the answer's headers and bytes (section 2). Underscores in the names
        of headers stand for hyphens."""
        headers = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        request = urllib.request.Request(self.hub + path, body, headers, method=method)
        try:
            with OPENER.open(request, timeout=60) as answer:
                data = answer.read()
                if answer.headers.get("Content-Encoding") == "zstd":
                    data = zstandard.ZstdDecompressor().decompressobj().decompress(data)
                return answer.headers, data
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path.partition('?')[0]}: {error.code} {error.read().decode()}")

    def json(self, method, path, value=None):
        """A request with a JSON body, packed, and a JSON answer (sections 2.1 and 2.2)."""
        headers = {"Accept_Encoding": "zstd"}
        body = None
        if value is not None:
            body = zstandard.ZstdCompressor().compress(json.dumps(value).encode())
            headers.update(Content_Type="application/json", Content_Encoding="zstd")
        return json.loads(self.call(method, path, body, **headers)[1])

    def enrol(self, code):
        """Section 4."""
        enrolled = self.json("POST", "/sync/v1/enrol", {
            "code": code, "device": new_id(), "device_name": "minimal client", "app_version": "1",
        })
        self.token = enrolled["token"]
        return enrolled

    def upload(self, photo):
        """Section 8: create or find, chunks with checksums, until the hub says complete."""
        digest = hashlib.sha256(photo).hexdigest()
        metadata = "digest " + base64.b64encode(digest.encode()).decode()
        answer, _ = self.call("POST", "/sync/v1/photos", Tus_Resumable="1.0.0",
                              Upload_Length=len(photo), Upload_Metadata=metadata)
        while answer.get("Gridwalker-Complete") != "true":
            offset = int(answer["Upload-Offset"])
            chunk = photo[offset:offset + 64 * 1024]
            checksum = base64.b64encode(hashlib.sha256(chunk).digest()).decode()
            answer, _ = self.call("PATCH", "/sync/v1/photos/" + digest, chunk, Tus_Resumable="1.0.0",
                                  Content_Type="application/offset+octet-stream",
                                  Upload_Offset=offset, Upload_Checksum="sha256 " + checksum)
        return digest

    def pull(self, scope):
        """Section 7: page by page; gives the documents, checked by count and sum."""
        docs, cursor, more = {}, "", True
        while more:
            query = urllib.parse.urlencode({"scope": scope, "cursor": cursor, "limit": 200})
            page = self.json("GET", "/sync/v1/pull?" + query)
            for item in page["items"]:
                if item["item"] == "doc":
                    docs[item["doc"]["kind"], item["doc"]["id"]] = item["doc"]
                elif item["item"] == "left":
                    docs.pop((item["target"]["kind"], item["target"]["id"]), None)
            cursor, more = page["cursor"], page["more"]
        if (len(docs), sum(map(share, docs.values())) % 2**64) != (page["count"], page["sum"]):
            sys.exit(f"{scope} is not what the hub has")
        return docs.values()


def new_id():
    """A UUID of version 7 (section 3.1): milliseconds, then random bits."""
    bits = int(time.time() * 1000) << 80 | int.from_bytes(os.urandom(10), "big")
    return str(uuid.UUID(int=bits & ~(0xF << 76) & ~(0x3 << 62) | 7 << 76 | 2 << 62))


def clocks():
    """Section 3.2."""
    return {"wall": int(time.time() * 1000), "mono": int(time.monotonic() * 1000), "boot": BOOT}


def share(doc):
    """A document's share of its feed's sum (section 7.4): FNV-1a, 64 bits."""
    total = 14695981039346656037
    for byte in uuid.UUID(doc["id"]).bytes + doc["kind"].encode() + doc["rev"].to_bytes(8, "big"):
        total = (total ^ byte) * 1099511628211 % 2**64
    return total


def grey_jpeg(side):
    """A grey square as a JPEG, different each time by its comment."""
    def segment(marker, data):
        return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data
    blocks = (side // 8) ** 2
    one_code = bytes([1] + [0] * 15) + b"\0"  # one code, `0`: "no change" and "end of block"
    return (b"\xff\xd8" + segment(0xFE, new_id().encode()) + segment(0xDB, b"\0" + b"\1" * 64)
            + segment(0xC0, struct.pack(">BHHB", 8, side, side, 1) + b"\1\x11\0")
            + segment(0xC4, b"\x00" + one_code) + segment(0xC4, b"\x10" + one_code)
            + segment(0xDA, b"\1\1\0\0\x3f\0") + bytes(blocks * 2 // 8) + b"\xff\xd9")


def main(hub, code, photo=None):
    device = Device(hub)
    staff = device.enrol(code)["staff"]
    hello = device.json("GET", "/sync/v1/hello")
    if not hello["protocol"]["min"] <= 1 <= hello["protocol"]["max"]:
        sys.exit("the hub does not speak version 1")

    thumb, side = grey_jpeg(256), 640
    photo = open(photo, "rb").read() if photo else grey_jpeg(side)
    shown = {"digest": device.upload(photo), "thumb": device.upload(thumb), "kind": "near",
             "bytes": len(photo), "thumb_bytes": len(thumb), "width": side, "height": side,
             "taken_at": None, "position": None}
    place = {"position": None, "accuracy_m": None, "source": "typed", "address": "人民路12号",
             "grid": staff["grids"][0], "in_own_grid": True}
    report = {"do": "report", "category": None, "description": "路面有积水",
              "occurred_at": clocks()["wall"], "place": place, "urgency": "normal",
              "photos": [shown]}
    op = {"op_id": new_id(), "dev_seq": hello["last_dev_seq"] + 1,
          "target": {"kind": "case", "id": new_id()}, "base_rev": 0, "action": report,
          "observed_at": clocks(), "author": {"staff": staff["id"], "role": staff["roles"][0]},
          "scope": "grid:" + staff["grids"][0], "schema": 1}
    results = device.json("POST", "/sync/v1/push", {"sent": clocks(), "ops": [op]})["results"]
    print("pushed", op["target"]["id"], results[0]["outcome"])

    for head in hello["scopes"]:
        for doc in device.pull(head["scope"]):
            known = doc["body"].get("known") if doc["kind"] == "case" else None
            words = [known["state"], known["report"]["description"]] if known else []
            print("pulled", head["scope"], doc["kind"], doc["id"], "rev", doc["rev"], *words)
    _, back = device.call("GET", "/sync/v1/photos/" + shown["digest"])
    print("photo", shown["digest"], "is the same" if back == photo else "is another")


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) in (3, 4) else sys.exit(__doc__)
