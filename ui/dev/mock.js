// A core made of invented data, so that pages can be looked at in any browser. Never shipped.
//
// Query: lang=en theme=dark text=large role=clerk enrolled=no data=empty fail=<command> slow=<ms>
//        link=offline. They stay for the tab until others are given.
(() => {
  const given = new URLSearchParams(location.search);
  const kept = new URLSearchParams(sessionStorage.getItem("mock") ?? "");
  for (const [name, value] of given) kept.set(name, value);
  sessionStorage.setItem("mock", kept.toString());
  const opt = (name, otherwise) => kept.get(name) ?? otherwise;

  const MIN = 60_000, HOUR = 60 * MIN, DAY = 24 * HOUR;
  // Monday 2026-11-23 14:05 in China; the page's clock stands there too.
  const NOW = 1_795_413_900_000;
  const began = performance.now();
  Date.now = () => NOW + Math.round(performance.now() - began);

  // ——— chance that is the same every time
  let seed = 7;
  const rnd = (n) => ((seed = (seed * 1103515245 + 12345) % 2147483648) >> 8) % n;
  const pick = (list) => list[rnd(list.length)];
  const hex = (n) => Array.from({ length: n }, () => rnd(16).toString(16)).join("");
  const uuid = () => `0199${hex(4)}-${hex(4)}-7${hex(3)}-8${hex(3)}-${hex(12)}`;

  // ——— the city
  const grids = [
    ["320600001001003", "文峰03网格", "Wenfeng grid 03"],
    ["320600001001004", "文峰04网格", "Wenfeng grid 04"],
    ["320600001002001", "濠河01网格", "Haohe grid 01"],
  ].map(([code, name, name_en]) => ({ code, name, name_en }));
  const streets = [
    ["人民路", "Renmin Road"], ["青年中路", "Qingnian Middle Road"], ["工农路", "Gongnong Road"],
    ["桃坞路", "Taowu Road"], ["濠西书苑", "Haoxi Garden"], ["文峰新村", "Wenfeng New Village"],
  ];
  const address = () => {
    const [zh, en] = pick(streets), n = 1 + rnd(200);
    return [`${zh}${n}号`, `${n} ${en}`];
  };
  const limit = (value, kind) => ({ value, kind });
  const condition = (code, text, text_en, l) => ({
    code, text, text_en, close: "现场已恢复", close_en: "The place is as it should be", limit: l,
  });
  const cat = (code, domain, major, major_name, major_name_en, name, name_en, pinyin, self_handle, words = []) => ({
    code, domain, major, major_name, major_name_en, name, name_en, pinyin, words,
    hint: "拍到问题本身和旁边的参照物", hint_en: "Show the thing itself and something near it",
    self_handle, departments: ["cg"],
    conditions: [
      condition("1", "影响通行或有安全隐患", "Blocks the way or is a danger", limit(2, "urgent_hour")),
      condition("2", "一般情形，面积不足 1 平方米", "Ordinary, less than a square metre", limit(4, "work_hour")),
      condition("3", "需协调多个部门或工程处理的情形，须先现场确认责任单位", "Needs several departments or construction work", limit(5, "work_day")),
    ],
  });
  const categories = [
    cat("E0101", "city_event", "E01", "市容环境", "Street scene", "暴露垃圾", "Exposed rubbish", "bao lu la ji", true, ["垃圾"]),
    cat("E0102", "city_event", "E01", "市容环境", "Street scene", "积存垃圾渣土", "Heaped rubble", "ji cun la ji zha tu", false),
    cat("E0110", "city_event", "E01", "市容环境", "Street scene", "非法小广告", "Illegal leaflets", "fei fa xiao guang gao", true, ["牛皮癣"]),
    cat("E0201", "city_event", "E02", "街面秩序", "Street order", "占道经营", "Trading on the pavement", "zhan dao jing ying", false),
    cat("E0202", "city_event", "E02", "街面秩序", "Street order", "机动车乱停放", "Cars parked wrongly", "ji dong che luan ting fang", false),
    cat("C0101", "city_component", "C01", "公用设施", "Utilities", "上水井盖", "Water manhole cover", "shang shui jing gai", false, ["井盖"]),
    cat("C0102", "city_component", "C01", "公用设施", "Utilities", "雨水箅子", "Storm drain grate", "yu shui bi zi", false),
    cat("C0120", "city_component", "C01", "公用设施", "Utilities", "路灯", "Street lamp", "lu deng", false),
    cat("C0201", "city_component", "C02", "道路交通", "Roads", "道路破损", "Broken road surface", "dao lu po sun", false, ["坑"]),
    cat("C0202", "city_component", "C02", "道路交通", "Roads", "交通护栏", "Traffic railing", "jiao tong hu lan", false),
    cat("P0101", "public_order", "P01", "矛盾纠纷", "Disputes", "邻里纠纷", "Quarrel between neighbours", "lin li jiu fen", false),
    cat("S0101", "emergency", "S01", "消防安全", "Fire safety", "占用消防通道", "Fire lane blocked", "zhan yong xiao fang tong dao", false),
    cat("S0102", "emergency", "S01", "消防安全", "Fire safety", "飞线充电", "Charging by dangling cable", "fei xian chong dian", false),
    cat("L0101", "livelihood", "L01", "民生诉求", "Requests", "漏水积水", "Leaking or standing water", "lou shui ji shui", true, ["水管"]),
    cat("H0101", "public_health", "H01", "公共卫生", "Public health", "病媒生物孳生", "Vermin breeding", "bing mei sheng wu zi sheng", false),
  ];
  const people = [["孙晓岚", "Sun Xiaolan"], ["周启明", "Zhou Qiming"], ["何佩云", "He Peiyun"], ["陆文博", "Lu Wenbo"]];

  // ——— photos: a drawn scene, its colour from the digest
  const thumbs = new Map();
  const draw = (digest, size) => {
    const hue = parseInt(digest.slice(0, 2), 16) * 1.4, tone = parseInt(digest.slice(2, 4), 16);
    const w = size === "thumb" ? 256 : 1280, h = Math.round(w * 0.75);
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 400 300"><rect width="400" height="300" fill="hsl(${hue} 22% 74%)"/><rect y="${150 + tone / 8}" width="400" height="150" fill="hsl(${hue + 20} 10% 48%)"/><path d="M0 300 170 ${152 + tone / 8}h60L400 300z" fill="hsl(${hue} 6% 38%)"/><rect x="${30 + tone / 3}" y="70" width="70" height="${90 + tone / 8}" fill="hsl(${hue + 180} 18% 58%)"/><circle cx="${320 - tone / 4}" cy="${225}" r="${18 + tone / 12}" fill="hsl(${hue + 90} 40% 40%)"/></svg>`;
  };
  const photo = (kind = "near") => {
    const digest = hex(64), thumb = hex(64);
    return { digest, thumb, kind, bytes: 300_000 + rnd(400_000), thumb_bytes: 14_000, width: 1920, height: 1440, taken_at: NOW - rnd(DAY), position: null };
  };
  // `<img src="mockphoto://…">` is answered by a data address, so no server is needed.
  const src = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, "src");
  const told = (url) => {
    const found = /^photo:([0-9a-f]{64})\?size=(\w+)/.exec(url);
    if (!found) return url;
    if (found[1].startsWith("ffff")) return "data:image/jpeg;base64,AAAA";
    return "data:image/svg+xml;utf8," + encodeURIComponent(draw(found[1], found[2]));
  };
  Object.defineProperty(HTMLImageElement.prototype, "src", { ...src, set(url) { src.set.call(this, told(url)); } });
  const setAttribute = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    return setAttribute.call(this, name, this.tagName === "IMG" && name === "src" ? told(value) : value);
  };

  // ——— cases
  const STEP = { submitted: "occur", verifying: "occur", registered: "track", dispatched: "track", returned: "track", handling: "handle", suspended: "handle" };
  const step = (state) => STEP[state] ?? "feedback";
  const words = ["垃圾堆在单元门口，已经两天没人清", "井盖松动，车过有响声", "路面有坑，雨天积水，老人摔倒过一次", "店外摆了四张桌子，盲道被占", "路灯不亮，楼道口很暗", "", "消防通道停了两辆车，叫了车主不来，已拍照", "楼上漏水到公共走廊，墙皮脱落，住户希望社区协调物业尽快处理"];
  const all = [];
  const makeCase = (i) => {
    const state = i < 6 ? pick(["submitted", "registered"]) : pick(["submitted", "submitted", "registered", "registered", "closed", "closed", "rejected", "withdrawn", "handling"]);
    const category = rnd(12) === 0 ? null : pick(categories);
    const [zh, zh_en] = address(), grid = pick(grids), reporter = i % 3 === 0 ? people[0] : pick(people);
    const reported = NOW - i * 47 * MIN - rnd(30 * MIN);
    const photos = Array.from({ length: rnd(4) }, (_, n) => photo(["near", "far", "reference", "after"][n]));
    const done = !["submitted", "registered", "handling"].includes(state);
    const mine = reporter === people[0];
    const text = pick(words);
    const row = {
      id: uuid(), case_no: i < 2 ? null : `3206-261123-${String(1000 - i).padStart(4, "0")}`,
      category: category?.code ?? null, summary: text.slice(0, 40), address: rnd(15) === 0 ? "" : zh, address_en: zh_en,
      grid_name: grid.name, grid_name_en: grid.name_en, urgency: pick(["normal", "normal", "normal", "urgent", "critical"]),
      state, step: step(state), reported_at: reported, updated_at: reported + rnd(40) * MIN,
      deadline: ["registered", "handling"].includes(state) ? NOW + (rnd(60) - 14) * HOUR : null,
      reporter: reporter[0], reporter_en: reporter[1], photos: photos.length, photo: photos[0] ?? null,
      plus_ones: rnd(6) === 0 ? 1 + rnd(4) : 0,
      marks: mine ? { at_hub: i > 1, photos_at_hub: i > 3 ? photos.length : 0, photos: photos.length } : null,
      attention: i === 4,
    };
    return { row, text, photos, grid, mine, done };
  };
  if (opt("data") !== "empty") for (let i = 0; i < Number(opt("cases", 200)); i++) all.push(makeCase(i));
  const role = opt("role", "worker");
  const entry = (what, person, at, text = "", photos = [], more = {}) => ({ what, by: "s1", by_name: person[0], by_name_en: person[1], at, text, photos, void: null, pending: false, ...more });
  const view = (c) => {
    const r = c.row, who = [r.reporter, r.reporter_en], timeline = [entry("reported", who, r.reported_at, "", [], { pending: !r.case_no })];
    const category = categories.find((k) => k.code === r.category) ?? categories[0];
    if (r.plus_ones) timeline.push(entry("plus_one", people[2], r.reported_at + 9 * MIN, "早上路过也看到"));
    if (r.attention) timeline.push(entry("withdrawn", who, r.reported_at + 20 * MIN, "报错了", [], { void: { why: "wrong_state", state: "registered" } }));
    if (["registered", "handling", "closed"].includes(r.state)) timeline.push(entry({ registered: { category: category.code, condition: "2", limit: category.conditions[1].limit } }, people[3], r.reported_at + 31 * MIN, "请城管中队今天处理"));
    if (r.state === "rejected") timeline.push(entry("rejected", people[3], r.reported_at + 31 * MIN, "现场未发现，请补充照片后再报"));
    if (r.state === "withdrawn") timeline.push(entry("withdrawn", who, r.reported_at + 5 * MIN, "报错了"));
    if (r.state === "closed") timeline.push(entry("self_handled", who, r.updated_at, "已清理", c.photos.slice(0, 1)));
    for (const added of c.added ?? []) timeline.push(added);
    const decides = role === "clerk", open = r.state === "submitted";
    return {
      row: r, receipt_code: r.id.replaceAll("-", "").slice(-8).toUpperCase(), description: c.text, occurred_at: r.reported_at - 3 * MIN,
      place: { position: { lng: 120.8723, lat: 32.0146 }, accuracy_m: 12, source: r.address ? "address" : "device", address: r.address, grid: c.grid.code, in_own_grid: c.grid !== grids[2] },
      photos: c.photos.map((p, n) => ({ photo: p, presence: ["here", "here", "thumb_only", "not_yet"][n] })), timeline,
      limit: r.deadline ? category.conditions[1].limit : null, working_ms_left: r.deadline ? Math.round((r.deadline - NOW) / 3) : null,
      actions: [
        ...(open && decides ? ["register", "reject"] : []),
        ...(["submitted", "registered", "handling"].includes(r.state) ? [c.mine ? "supplement" : "plus_one"] : []),
        ...(open && c.mine ? ["self_handle", "withdraw"] : []),
      ],
      handled: r.state === "closed" && c.mine ? "已清理，现场恢复" : null,
    };
  };

  // ——— drafts
  const blank = () => ({ id: uuid(), begun_at: NOW, changed_at: NOW, category: { choice: "open" }, description: "", place: null, urgency: "normal", photos: [], self_handled: false, handled_note: "" });
  const drafts = new Map(), bin = new Map();
  if (opt("data") !== "empty") {
    const d = { ...blank(), changed_at: NOW - 20 * MIN, description: "楼道堆物，差一张远景", photos: [photo()], category: { choice: "category", code: "S0101" } };
    drafts.set(d.id, d);
  }
  const missing = (d) => [
    ...(d.category.choice === "open" ? ["category"] : []), ...(d.place ? [] : ["place"]),
    ...(d.photos.length || d.description.trim() ? [] : ["content"]),
    ...(d.self_handled && !d.handled_note.trim() && !d.photos.some((p) => p.kind === "after") ? ["handled"] : []),
  ];
  const draftRow = (d) => ({ id: d.id, changed_at: d.changed_at, category: d.category.code ?? null, summary: d.description.slice(0, 40), address: d.place?.address ?? "", photos: d.photos.length, photo: d.photos[0] ?? null });

  // ——— events
  const callbacks = new Map(), listeners = { changed: [], sync: [] };
  let nextCallback = 1;
  const emit = (event, payload) => listeners[event].forEach((id) => callbacks.get(id)?.({ event, id, payload }));
  const changed = (...touched) => setTimeout(() => emit("changed", { touched }), 20);
  const status = () => ({ link: opt("enrolled") === "no" ? "none" : opt("link") === "refused" ? { refused: { error: "revoked" } } : opt("link", "up"), doing: opt("doing") === "photos" ? { photos_up: { left: 3, sent: 180_000, total: 410_000 } } : null, last_complete_at: NOW - 4 * MIN, next_attempt_at: opt("link") === "offline" ? NOW + 2 * MIN : null, ops_waiting: unfinished().length, photos_waiting: 3 });
  const unfinished = () => all.filter((c) => c.row.marks && (!c.row.marks.at_hub || c.row.marks.photos_at_hub < c.row.marks.photos));

  const settings = { language: opt("lang", "zh"), theme: opt("theme", "system"), text_size: opt("text", "normal") };
  let enrolled = opt("enrolled") !== "no";
  const card = role === "clerk" ? { id: "s9", name: "陆文博", name_en: "Lu Wenbo", badge_no: "WF-2001", roles: ["clerk"], grids: grids.map((g) => g.code) } : { id: "s1", name: "孙晓岚", name_en: "Sun Xiaolan", badge_no: "WF-0317", roles: ["worker"], grids: [grids[0].code] };
  const session = () => ({
    enrolment: enrolled ? { hub_url: "https://hub.example.org", hub_name: "文峰区网格中心", staff: card, role, grids: role === "clerk" ? grids : [grids[0]], revoked: opt("revoked") === "yes" } : null,
    settings, problem: opt("problem") === "set_aside" ? { set_aside: { kept_at: "/data/gridwalker/set-aside-2026-11-23" } } : opt("problem") || null, photo_base: "photo:", utc_offset_minutes: 480,
  });
  const fail = (code, more = {}) => { throw { code: Object.keys(more).length ? { [code]: more } : code, detail: "mock" }; };
  const find = (id) => all.find((c) => c.row.id === id) ?? fail("not_found");
  const uploads = new Map();
  const hit = (street, own, distance_m = null) => { const n = 1 + rnd(60); return { grid: own ? grids[0] : grids[2], street: street[0], text: `${street[0]}${n}号`, text_en: `${n} ${street[1]}`, own, distance_m }; };
  const order = { reported: (r) => r.reported_at, updated: (r) => r.updated_at, deadline: (r) => r.deadline ?? 9e15, urgency: (r) => ["normal", "urgent", "critical"].indexOf(r.urgency), state: (r) => r.state, category: (r) => r.category ?? "", address: (r) => r.address };

  const commands = {
    get_session: session,
    enrol_device: ({ hub_url, code }) => {
      if (!hub_url) fail("bad_address");
      if (/portal/.test(hub_url)) fail("not_a_hub");
      if (/down/.test(hub_url)) fail("unreachable");
      if (!/^[A-Z0-9-]{4,}$/i.test(code)) fail("hub", { error: "code_unknown" });
      enrolled = true; changed("session", "packs"); return session();
    },
    save_settings: (a) => Object.assign(settings, a.settings),
    get_about: () => ({ app_version: "0.1.0", schema_version: 1, device_id: "0199f3c2-77aa-7c11-8a02-5b1f02d4c9ee", key_store: "file", database_bytes: 4_812_800, photo_bytes: 86_400_000, photos: 214, free_bytes: 18_300_000_000, pack_version: "2026.11", last_sync_at: NOW - 4 * MIN, catalogue_version: "GB/T 30428.2-2026 示例" }),
    get_today: () => {
      const mine = all.filter((c) => c.mine);
      const due = role === "clerk" ? all.filter((c) => c.row.state === "submitted") : mine.filter((c) => c.row.deadline).sort((a, b) => a.row.deadline - b.row.deadline);
      return { now: NOW, drafts: [...drafts.values()].map(draftRow), due: due.slice(0, 5).map((c) => c.row), due_total: due.length, answered: role === "clerk" ? [] : mine.filter((c) => ["registered", "rejected"].includes(c.row.state)).slice(0, 3).map((c) => c.row), reported_today: mine.filter((c) => c.row.reported_at > NOW - 14 * HOUR).length, open: mine.filter((c) => !c.done).length, closed: mine.filter((c) => c.done).length, unfinished: opt("waiting") === "no" ? 0 : unfinished().length, attention: all.filter((c) => c.row.attention).length, status: status() };
    },
    get_catalogue: () => opt("data") === "empty" && !enrolled ? { categories: [], likely: [] } : ({ categories, likely: ["E0101", "C0201", "C0101", "E0201", "C0120", "L0101"] }),
    open_draft: ({ draft }) => { const d = draft ? drafts.get(draft) ?? fail("not_found") : blank(); drafts.set(d.id, d); changed("drafts"); return d; },
    save_draft: ({ draft }) => { draft.changed_at = Date.now(); drafts.set(draft.id, draft); changed("drafts"); return { changed_at: draft.changed_at, missing: missing(draft) }; },
    discard_draft: ({ draft }) => { bin.set(draft, drafts.get(draft)); drafts.delete(draft); changed("drafts"); return {}; },
    restore_draft: ({ draft }) => { drafts.set(draft, bin.get(draft)); changed("drafts"); return {}; },
    put_photo_chunk: ({ draft, upload, offset, total, data }) => {
      const have = offset + atob(data).length;
      if (total === 0) fail("photo", { why: "empty" });
      if (have < total) return { receiving: { received: have } };
      // A text file whose first word names an error, or `far`, plays that part.
      const word = total < 64 ? atob(data).trim() : "";
      if (/^(heic|not_an_image|truncated|damaged|too_small)$/.test(word)) fail("photo", { why: word });
      if (word === "too_large") fail("photo", { why: { too_large: { bytes: 62_000_000 } } });
      if (word === "disk_full") fail("disk_full");
      const p = photo(); if (draft) drafts.get(draft)?.photos.push(p);
      if (word === "far") p.position = { lng: 120.8746, lat: 32.012 };
      return { stored: { photo: p, far_from_place_m: p.position ? 430 : null } };
    },
    resolve_place: ({ known: asked }) => {
      const [[how, known]] = Object.entries(asked);
      if (how === "device" && !(known.lng && known.lat)) return "no_fix";
      const own = known.grid ? known.grid === grids[0].code : true, text = known.text ?? "人民路12号";
      return { found: { place: { position: how === "typed" ? null : { lng: 120.87, lat: 32.01 }, accuracy_m: known.accuracy_m ?? null, source: how, address: how === "device" ? "" : text, grid: known.grid ?? grids[0].code, in_own_grid: own }, grid_name: own ? grids[0] : grids[2], near: how === "device" ? { grid: grids[0], street: "人民路", text: "人民路12号", text_en: "12 Renmin Road", own: true, distance_m: 18 } : null } };
    },
    find_addresses: ({ query }) => streets.filter((s) => !query || s[0].includes(query) || s[1].toLowerCase().includes(query.toLowerCase())).flatMap((s, n) => [hit(s, n < 4, query ? null : 20 + n * 34), hit(s, n < 4)]),
    find_similar: ({ draft }) => (drafts.get(draft)?.category.code && drafts.get(draft)?.place ? all.slice(5, 6).map((c) => ({ case: c.row.id, category: drafts.get(draft).category.code, address: c.row.address, address_en: c.row.address_en, reported_at: c.row.reported_at, state: c.row.state, distance_m: 34, photo: c.row.photo, mine: false, plus_ones: 2 })) : []),
    report_draft: ({ draft }) => { const d = drafts.get(draft); if (missing(d).length) fail("incomplete", { missing: missing(d)[0] }); const c = makeCase(0); Object.assign(c.row, { category: d.category.code ?? null, summary: d.description, address: d.place.address, state: "submitted", step: "occur", reporter: people[0][0], case_no: null, deadline: null, reported_at: Date.now(), updated_at: Date.now(), marks: { at_hub: false, photos_at_hub: 0, photos: d.photos.length }, photo: d.photos[0] ?? null, photos: d.photos.length }); Object.assign(c, { mine: true, text: d.description, photos: d.photos }); all.unshift(c); drafts.delete(draft); changed("drafts", "cases", "delivery"); return { case: c.row.id, receipt_code: "7K3M2PQX" }; },
    add_draft_to_case: ({ draft, case: id }) => { drafts.delete(draft); changed("drafts", "cases"); return { case: id, receipt_code: "7K3M2PQX" }; },
    list_cases: ({ filter, query, sort, offset, limit: n }) => {
      const fits = { any: () => true, open: (c) => !c.done, waiting: (c) => c.row.state === "submitted", running: (c) => ["registered", "handling"].includes(c.row.state), done: (c) => c.done, unsent: (c) => c.row.marks && !c.row.marks.at_hub, attention: (c) => c.row.attention }[filter.states];
      const q = query.trim().toLowerCase();
      const text = (c) => [c.row.address, c.text, c.row.case_no, c.row.reporter, c.row.reporter_en, categories.find((k) => k.code === c.row.category)?.name, categories.find((k) => k.code === c.row.category)?.pinyin.replace(/(\w)\w*\s*/g, "$1"), categories.find((k) => k.code === c.row.category)?.name_en].join(" ").toLowerCase();
      const key = order[sort.by], rows = all.filter((c) => (filter.whose === "all" || c.mine) && fits(c) && (!q || text(c).includes(q))).map((c) => c.row);
      rows.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0) * (sort.ascending ? 1 : -1));
      return { total: rows.length, rows: rows.slice(offset, offset + n) };
    },
    get_case: (a) => view(find(a.case)),
    supplement_case: (a) => { const c = find(a.case); if (!a.plus_one && !a.note.trim() && !a.photos.length) fail("rejected", { why: { why: "nothing_added" } }); (c.added ??= []).push(entry(a.plus_one ? "plus_one" : "supplemented", people[0], Date.now(), a.note, a.photos, { pending: true })); changed("cases", "delivery"); return {}; },
    withdraw_case: (a) => { const c = find(a.case); c.row.state = "withdrawn"; c.row.step = "feedback"; changed("cases", "delivery"); return {}; },
    self_handle_case: (a) => { const c = find(a.case); c.row.state = "closed"; c.row.step = "feedback"; changed("cases", "delivery"); return {}; },
    register_case: (a) => { const c = find(a.case); if (opt("link") === "offline") fail("needs_hub"); c.row.category = a.category; c.row.state = "registered"; c.row.step = "track"; c.row.deadline = NOW + 4 * HOUR; changed("cases"); return {}; },
    acknowledge_case: (a) => { find(a.case).row.attention = false; changed("cases"); return {}; },
    dismiss_set_aside: () => { kept.delete("problem"); return session(); },
    reject_case: (a) => { const c = find(a.case); c.row.state = "rejected"; c.row.step = "feedback"; changed("cases"); return {}; },
    get_delivery: () => {
      const own = all.filter((c) => c.row.marks).slice(0, 30);
      return { items: own.map((c, i) => ({ case: c.row.id, category: c.row.category, address: c.row.address, address_en: c.row.address_en, at: c.row.updated_at, marks: c.row.marks, bytes_left: (c.row.marks.photos - c.row.marks.photos_at_hub) * 410_000, stuck: i === 1 ? { void: { why: { why: "wrong_state", state: "registered" } } } : i === 3 ? "photo_file" : null })).sort((a, b) => (a.marks.at_hub && a.marks.photos === a.marks.photos_at_hub) - (b.marks.at_hub && b.marks.photos === b.marks.photos_at_hub)), today: 14, today_complete: 14 - unfinished().length, unfinished: unfinished().length, bytes_left: unfinished().length * 900_000, status: status() };
    },
    get_sync_status: status,
    sync_now: () => { emit("sync", { ...status(), doing: { push: { left: 3 } } }); setTimeout(() => emit("sync", { ...status(), doing: { photos_up: { left: 2, sent: 120_000, total: 400_000 } } }), 900); setTimeout(() => { for (const c of unfinished()) Object.assign(c.row.marks, { at_hub: true, photos_at_hub: c.row.marks.photos }); emit("sync", status()); changed("delivery", "cases"); }, 2000); return {}; },
  };

  window.__TAURI_INTERNALS__ = {
    transformCallback: (callback) => { callbacks.set(nextCallback, callback); return nextCallback++; },
    invoke: async (name, payload) => {
      if (name === "plugin:event|listen") { listeners[payload.event]?.push(payload.handler); return payload.handler; }
      await new Promise((done) => setTimeout(done, Number(opt("slow", 2))));
      if (opt("fail") === name) fail(opt("with", "storage"));
      if (!commands[name]) fail("internal");
      return structuredClone(commands[name](payload.args));
    },
  };
})();
