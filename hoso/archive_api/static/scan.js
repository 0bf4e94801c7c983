// The scan box of a desk. A barcode reader types fast and ends with Enter; what it types is read
// from the keys' places, not their letters, so that no input method or keyboard layout garbles it.
// A scan that cannot be sent is kept in this browser and sent again, in order, with the same id.

const SAME_CODE_MS = 2000;
const RETRY_MS = 5000;
const MOST_LOGGED = 30;
const MOST_AT_ONCE = 500;
const HOPELESS = [404, 422]; // sending the same again will be refused again

const SHIFTED = { Digit2: "@", Digit3: "#", Digit5: "%", Digit7: "&", Minus: "_", Equal: "+", Semicolon: ":", Slash: "?", Backslash: "|" };
const PLAIN = { Minus: "-", Period: ".", Equal: "=", Semicolon: ";", Slash: "/", Backslash: "\\", Comma: ",", Space: " ", NumpadSubtract: "-", NumpadDecimal: ".", NumpadDivide: "/" };

// Anything else, a citizen's card above all, is nobody's business here: it is neither sent nor kept.
const DOSSIER = /^((?:[A-Z]\d{2}(?:\.\d{1,3}){0,3}|\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})-\d{6}-\d{4,6})(?:\||$)/i;
const TRACKING = /^https?:\/\/\S+\/track\/[\w-]{8,128}$/;

/** The part of a scanned text that names a dossier: its code or its tracking link; else null. */
export function namedBy(text) {
  const code = DOSSIER.exec(text)?.[1];
  if (code) return code.toUpperCase();
  return TRACKING.test(text) ? text : null;
}

/** The character a US keyboard, and so a reader, means by a key; null for any other key. */
export function letterOf({ code, shiftKey }) {
  if (shiftKey && code in SHIFTED) return SHIFTED[code];
  if (code in PLAIN) return PLAIN[code];
  const [, letter, digit] = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(code) ?? [];
  if (letter) return shiftKey ? letter : letter.toLowerCase();
  return digit ?? null;
}

const root = document.getElementById("desk-scans");
if (root) start(root);

function start(root) {
  const desk = root.dataset.desk;
  const box = root.querySelector("#code");
  const to = root.querySelector("#to");
  const unsent = keptUnder(`hoso.unsent.${desk}`, localStorage);
  const log = keptUnder(`hoso.log.${desk}`, sessionStorage);
  const screen = screenOf(root, log);
  let last = { code: "", at: 0 };
  let sending = false;

  readByPlace(box);
  root.querySelector("form[data-scan]").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = box.value.trim();
    box.value = "";
    box.focus();
    if (!text || !isNew(text)) return;
    const code = namedBy(text);
    if (code) scanned(code);
    else screen.unknown();
  });
  // A reader types wherever the focus is: bring it back, unless a person is choosing a desk.
  document.addEventListener("keydown", ({ target }) => {
    if (target === document.body) box.focus();
  });
  to.addEventListener("change", () => box.focus());
  globalThis.addEventListener("online", () => sendKept());
  setInterval(() => sendKept(), RETRY_MS);
  screen.unsent(unsent.all().length);
  sendKept();

  function isNew(code) {
    const again = code === last.code && performance.now() - last.at < SAME_CODE_MS;
    last = { code, at: performance.now() };
    return !again;
  }

  async function scanned(code) {
    const scan = { event_id: newId(), code, at: new Date().toISOString() };
    if (to.value) scan.to = to.value;
    unsent.add(scan);
    if (!(await sendKept(scan))) screen.kept(scan);
  }

  /** Whether nothing is left to be sent. A `fresh` scan is dated by the server's better clock. */
  async function sendKept(fresh = null) {
    const waiting = unsent.all().slice(0, MOST_AT_ONCE);
    if (!waiting.length) return true;
    if (sending) return false;
    sending = true;
    try {
      const scans = waiting.map((scan) => (scan.event_id === fresh?.event_id ? { ...scan, at: undefined } : scan));
      const answer = await post(`/api/v1/desks/${encodeURIComponent(desk)}/scans:batch`, { scans });
      if (answer.status === 401) return screen.unsent(unsent.all().length, root.dataset.signedOut);
      const said = await answer.json();
      if (!answer.ok && !HOPELESS.includes(answer.status)) return screen.unsent(unsent.all().length, said.detail);
      unsent.drop(waiting.map(({ event_id }) => event_id));
      if (answer.ok) said.items.forEach((item) => screen.said(item, codeOf(waiting, item)));
      else waiting.forEach((scan) => screen.problem(scan, said.detail));
    } catch {
      return screen.unsent(unsent.all().length, root.dataset.unreachable);
    } finally {
      sending = false;
    }
    screen.unsent(unsent.all().length);
    return unsent.all().length ? sendKept() : true;
  }
}

// Not crypto.randomUUID: browsers offer it over HTTPS only, and many offices have none.
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const codeOf = (scans, { event_id }) => scans.find((scan) => scan.event_id === event_id)?.code ?? "";

function post(address, body) {
  return fetch(address, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-Form-Token": document.querySelector("meta[name=form-token]")?.content ?? "",
    },
    body: JSON.stringify(body),
  });
}

/** Puts the key's own letter into the box, whatever the input method would make of it. */
function readByPlace(box) {
  let kept = "";
  let decoded = false;
  box.addEventListener("keydown", (event) => {
    const letter = event.ctrlKey || event.altKey || event.metaKey ? null : letterOf(event);
    decoded = letter !== null;
    if (!decoded) return; // Enter, Backspace, arrows, paste, a phone's keyboard: left to the browser
    event.preventDefault();
    box.setRangeText(letter, box.selectionStart, box.selectionEnd, "end");
    kept = box.value;
  });
  box.addEventListener("input", () => {
    if (decoded) box.value = kept; // an input method that would not be prevented
    else kept = box.value;
  });
}

/** A list kept in the browser; other tabs of the same desk share it. */
function keptUnder(key, storage) {
  const all = () => JSON.parse(storage.getItem(key) ?? "[]");
  const keep = (items) => storage.setItem(key, JSON.stringify(items));
  return {
    all,
    keep,
    add: (item) => keep([...all(), item]),
    drop: (ids) => keep(all().filter(({ event_id }) => !ids.includes(event_id))),
  };
}

/** Everything the desk's person sees and hears. */
function screenOf(root, log) {
  const find = (selector) => root.querySelector(selector);
  const banner = find("[data-banner]");
  const sound = soundOf();
  redraw();

  function outcomeOf(name) {
    const template = find(`template[data-outcome="${name}"]`) ?? find('template[data-outcome="problem"]');
    return { look: template.dataset.look, word: template.dataset.word, icon: template.content };
  }

  function show(name, code, sentence) {
    const { look, word, icon } = outcomeOf(name);
    banner.className = `banner banner--${look}`;
    find("[data-banner-icon]").replaceChildren(icon.cloneNode(true));
    find("[data-banner-word]").textContent = word;
    find("[data-banner-sentence]").textContent = sentence;
    sound(look === "accepted" || look === "duplicate");
    log.keep([{ name, code, at: new Date().toTimeString().slice(0, 8) }, ...log.all()].slice(0, MOST_LOGGED));
    redraw();
  }

  function redraw() {
    const entries = log.all();
    find("[data-log]").replaceChildren(...entries.map(line));
    find("[data-log-empty]").hidden = entries.length > 0;
    for (const count of root.querySelectorAll("[data-count]")) {
      count.textContent = entries.filter(({ name }) => outcomeOf(name).look === count.dataset.count).length;
    }
  }

  function line({ name, code, at }) {
    const { word, icon } = outcomeOf(name);
    const item = document.createElement("li");
    const parts = [at, code, word].map((text) => {
      const part = document.createElement("span");
      part.textContent = text;
      part.className = "number";
      return part;
    });
    parts[2].prepend(icon.cloneNode(true), " ");
    item.append(...parts);
    return item;
  }

  return {
    said({ outcome, reason, sentence, dossier }, code) {
      const name = outcome === "accepted" && find(`template[data-outcome="${reason}"]`) ? reason : outcome;
      show(name, dossier ?? (code.startsWith("http") ? "…" : code), sentence);
    },
    unknown: () => show("unknown_code", "…", root.dataset.unknown),
    problem: ({ code }, sentence) => show("problem", code, sentence),
    kept: ({ code }) => show("kept", code, root.dataset.unreachable),
    unsent(count, why = "") {
      find("[data-unsent]").hidden = count === 0;
      find("[data-unsent-count]").textContent = count;
      find("[data-unsent-why]").textContent = why;
      return false;
    },
  };
}

/** Two sounds that cannot be mistaken: one high note, or two low ones. */
function soundOf() {
  let context;
  const note = (frequency, start, length) => {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = frequency;
    tone.type = frequency < 300 ? "square" : "sine";
    volume.gain.setValueAtTime(0.25, context.currentTime + start);
    volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + start + length);
    tone.connect(volume).connect(context.destination);
    tone.start(context.currentTime + start);
    tone.stop(context.currentTime + start + length);
  };
  return (good) => {
    context ??= new AudioContext();
    if (good) note(1046, 0, 0.18);
    else [0, 0.24].forEach((start) => note(196, start, 0.2));
  };
}
