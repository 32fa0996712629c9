// PouchDB ↔ express-pouchdb with as many documents of about 500 bytes as it is told: seconds up and
// down, and the bytes of a second run that goes by a counting proxy. Prints one line of JSON.
//
//     node -e "$(cat pouch_peer.cjs)" RECORDS

const fs = require("fs");
const http = require("http");
const net = require("net");
const os = require("os");
const path = require("path");

const express = require("express");
const PouchDB = require("pouchdb");

const records = Number(process.argv.at(-1));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pouch-peer-"));

function serve() {
  const data = path.join(folder, "server") + path.sep;
  fs.mkdirSync(data, { recursive: true });
  const app = express();
  const Served = PouchDB.defaults({ prefix: data });
  app.use("/", require("express-pouchdb")(Served, {
    mode: "minimumForPouchDB",
    logPath: path.join(folder, "log.txt"),
    configPath: path.join(folder, "config.json"),
  }));
  return listen(http.createServer(app));
}

function listen(server) {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));
}

const counted = { bytes: 0 };

function proxy(port) {
  const server = net.createServer((device) => {
    const hub = net.connect(port, "127.0.0.1");
    for (const [from, to] of [[device, hub], [hub, device]]) {
      from.on("data", (piece) => (counted.bytes += piece.length));
      from.on("error", () => to.destroy());
      from.pipe(to);
    }
  });
  return listen(server);
}

// Mulberry32, so that all runs have the same documents.
function chance(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function documents() {
  const next = chance(20261126);
  const hex = (digits) => Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join("");
  return Array.from({ length: records }, (_, number) => ({
    _id: hex(32),
    op: hex(32),
    description: Array.from({ length: 24 }, () => String.fromCharCode(0x4e00 + Math.floor(next() * 0x2000))).join(""),
    place: { lng: 73 + next() * 62, lat: 18 + next() * 35, source: "device", address: `第${number}处`, grid: "329901001001001" },
    author: { staff: "w-0101", role: "worker" },
    urgency: "normal",
    state: "submitted",
    occurred_at: 1795478300000 + number,
  }));
}

async function replicated(from, to) {
  const [bytes, begun] = [counted.bytes, process.hrtime.bigint()];
  await PouchDB.replicate(from, to);
  return [Number(process.hrtime.bigint() - begun) / 1e9, counted.bytes - bytes];
}

async function run(name, address) {
  const remote = new PouchDB(`${address}/${name}`);
  const up = new PouchDB(path.join(folder, `${name}-up`));
  await up.bulkDocs(documents());
  const push = await replicated(up, remote);
  const down = new PouchDB(path.join(folder, `${name}-down`));
  const pull = await replicated(remote, down);
  const { doc_count } = await down.info();
  if (doc_count !== records) throw new Error(`${doc_count} of ${records} came`);
  return [push, pull];
}

async function main() {
  const port = await serve();
  const [[push], [pull]] = await run("fast", `http://127.0.0.1:${port}`);
  const counting = await proxy(port);
  const [[, pushed], [, pulled]] = await run("counted", `http://127.0.0.1:${counting}`);
  console.log(JSON.stringify({
    pouchdb_push_rps: Math.round(records / push),
    pouchdb_pull_rps: Math.round(records / pull),
    pouchdb_push_bytes_per_record: Math.round((pushed / records) * 10) / 10,
    pouchdb_pull_bytes_per_record: Math.round((pulled / records) * 10) / 10,
  }));
}

main()
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => {
    fs.rmSync(folder, { recursive: true, force: true });
    process.exit();
  });
