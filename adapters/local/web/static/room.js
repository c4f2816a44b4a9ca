// Makes the room live: forms go without a reload, and what changes anywhere is put in its place as it comes.
// Every page works without this file; nothing here decides anything.
"use strict";
const $ = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const pane = (seat) => document.getElementById(`pane-${seat}`);
const fresh = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const inputs = (slot) => all("[name^='field.']", slot);
const OPEN_MENUS = "details.menu[open], .top details[open]";
const kept = "typed in ";
const wanted = {}; // the form that somebody on this page has opened, by seat: it is shown as soon as it is here
let queue = Promise.resolve(); // announcements and reloads, one after another

// rendered by our server, which escapes what people typed
const element = (html) => Object.assign(document.createElement("template"), { innerHTML: html }).content.firstElementChild;

function say(sentence) {
  const says = $("#says");
  if (sentence) says.textContent = says.textContent === sentence ? `${sentence} ` : sentence;
}

function away(sentence) {
  if ($("#away").textContent !== sentence) Object.assign($("#away"), { textContent: sentence, hidden: !sentence });
}

// ---- putting things in their place

function swap(old, made) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const { id, name, value } = focused || {};
  if (old.matches("details[open]")) made.open = true;
  old.replaceWith(made);
  if (!focused) return;
  const same = (id && document.getElementById(id)) || all("button, a, input, select, summary", made).find((one) => one.name === name && one.value === value);
  const next = same || $("h2[tabindex], .primary", made) || made;
  if (next === made) made.tabIndex = -1;
  next.focus({ preventScroll: true });
}
const near = (box) => box.scrollTop > Math.min(-160, Number(box.dataset.end || 0) - 80); // it counts upwards, from the newest message; what is above a pane may grow by some lines
// to the newest message: to its first line if it is longer than the pane
function toEnd(seat) {
  const box = pane(seat) && $(".scroll", pane(seat));
  const last = box && $(".feed", box).lastElementChild;
  if (!last) return;
  box.scrollTop = 0;
  const isLong = last.offsetHeight > box.clientHeight && !$(".open-form", box);
  if (isLong) box.scrollTop = last.getBoundingClientRect().top - box.getBoundingClientRect().top - 8;
  box.dataset.end = box.scrollTop;
}

function onMessage({ seat, message, html, says }) {
  const feed = document.getElementById(`feed-${seat}`);
  if (!feed || !message) return;
  const old = $(`[data-message="${message}"]`, feed);
  const follow = near(feed.closest(".scroll")) || feed.contains(document.activeElement);
  const made = element(html);
  if (old) swap(old, made);
  else { made.classList.add("is-new"); feed.append(made); }
  while (feed.children.length > 400) feed.firstElementChild.remove();
  if (follow && !old) toEnd(seat);
  say(says);
}

function onForm({ seat, form, html }) {
  const slot = document.getElementById(`form-${seat}`);
  if (!slot || slot.dataset.form === form) return; // the same form again: what is typed in it stays
  const was = $("dialog[open]", slot);
  if (was && !form) was.close();
  if (slot.dataset.form) sessionStorage.removeItem(kept + slot.dataset.form);
  slot.replaceWith(element(html));
  refill();
  if (was && form) wanted[seat] = form;
  showForm(seat);
  if (!form && was) $(".composer input[name=text]", pane(seat)).focus();
}
function showForm(seat) {
  const slot = document.getElementById(`form-${seat}`);
  if (!slot?.dataset.form || wanted[seat] !== slot.dataset.form) return;
  delete wanted[seat];
  const dialog = $("dialog", slot);
  if (!dialog.open) dialog.showModal();
  ($("[aria-invalid]", dialog) || $("input:not([type=hidden]), textarea, select", dialog))?.focus();
  say($(".error:not([hidden])", dialog)?.textContent);
}

function onWaiting({ counts }) {
  for (const [seat, count] of Object.entries(counts)) {
    all(`[data-count="${seat}"]`).forEach((one) => { one.textContent = count; });
    all(`[data-waiting="${seat}"], [data-badge="${seat}"]`).forEach((one) => { one.hidden = !count; });
  }
}

function onPart({ part, html }) {
  const old = $(`[data-part="${part}"]`);
  if (!old) return;
  const made = element(html);
  for (const back of all("[name=back]", made)) back.value = location.search.slice(1);
  swap(old, made);
  tick();
  if (part !== "story" || !made.dataset.looks || made.dataset.step === old.dataset.step) return;
  say(`${$(".steps", made).textContent}: ${$("h2", made).textContent}`);
  pane(made.dataset.looks)?.scrollIntoView({ block: "nearest", inline: "center" });
  all(".pane").forEach((one) => toEnd(one.dataset.seat));
}

async function reload() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const counted = all(".pane").map((one) => one.id).join() === all(".pane", page).map((one) => one.id).join();
  if (!answer.ok || !counted || !$("#panes", page)) { location.reload(); return; }
  document.body.dataset.last = page.body.dataset.last;
  for (const part of ["story", "clock"]) onPart({ part, html: $(`[data-part="${part}"]`, page).outerHTML });
  $(".people").replaceChildren(...$(".people", page).children);
  for (const made of all(".pane", page)) {
    const here = document.getElementById(made.id);
    swap($("header", here), $("header", made));
    swap($(".feed", here), $(".feed", made));
    const slot = $(".form-slot", made);
    onForm({ seat: made.dataset.seat, form: slot.dataset.form, html: slot.outerHTML });
    view(here, here.dataset.in);
    toEnd(made.dataset.seat);
  }
}

// ---- what the room tells

function listen() {
  const seats = all(".pane").map((one) => `seat=${one.dataset.seat}`).join("&");
  const stream = new EventSource(`/events?${seats}&after=${document.body.dataset.last}`);
  for (const [what, act] of Object.entries({ message: onMessage, form: onForm, waiting: onWaiting, part: onPart, reload })) {
    stream.addEventListener(what, (event) => {
      document.body.dataset.last = event.lastEventId;
      queue = queue.then(() => act(JSON.parse(event.data))).catch(() => {});
    });
  }
  stream.onopen = () => away("");
  stream.onerror = () => {
    away("Reconnecting… Nothing you typed is lost.");
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  };
}

// ---- what people do

// what each form is sending: the same is not sent twice, and anything else waits its turn
const going = new WeakMap();
async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form));
  if (submitter?.name) body.append(submitter.name, submitter.value);
  const what = `${submitter?.value} ${body.get("text")}`;
  const before = going.get(form);
  if (before?.what === what) return;
  const mine = { what, over: Promise.resolve(before?.over).then(() => sendNow(form, submitter, body)) };
  going.set(form, mine);
  await mine.over;
  if (going.get(form) === mine) going.delete(form);
}

async function sendNow(form, submitter, body) {
  body.set("event", $("[name=event]", form).value);
  const action = submitter?.getAttribute("formaction") || form.getAttribute("action");
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await insist(action, body); // the same event until it is answered: nothing is done twice
    const told = await answer.json().catch(() => ({ says: "The room did not understand. Load the page again." }));
    $("[name=event]", form).value = fresh();
    refuse(form, answer.ok ? "" : told.says);
    if (!answer.ok) return;
    say(told.says);
    if (told.go) location.assign(told.go); else done(form, body, told);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

async function insist(action, body) {
  for (;;) {
    try {
      const answer = await fetch(action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (answer.status !== 503) return answer;
    } catch { /* the room is away: what was meant stays in its form, and is sent once it is back */ }
    away("Reconnecting… What you sent goes out as soon as the room is back.");
    await new Promise((again) => { setTimeout(again, 1000); });
  }
}

function refuse(form, sentence) {
  const place = $(".refusal", form) || $(".composer .refusal", form.closest(".pane") || form) || $("#away");
  Object.assign(place, { textContent: sentence, hidden: !sentence });
}
function done(form, body, told) {
  const seat = body.get("seat");
  away("");
  const text = $("input[name=text]", form);
  if (text?.value === body.get("text")) hint(Object.assign(text, { value: "" }));
  for (const menu of all(OPEN_MENUS)) menu.open = false;
  if (told.form) wanted[seat] = told.form;
  if (seat) queue = queue.then(() => { showForm(seat); toEnd(seat); });
}

document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  event.preventDefault();
  const isGrave = event.submitter?.classList.contains("danger");
  if (!isGrave || confirm("Reset the room? Everything that was said in it goes.")) send(event.target, event.submitter);
});

document.addEventListener("click", (event) => {
  const fill = event.target.closest("[data-fill]");
  const tab = event.target.closest(".pane nav a");
  if (!event.target.closest(OPEN_MENUS)) for (const menu of all(OPEN_MENUS)) menu.open = false;
  if (event.ctrlKey || event.metaKey || event.shiftKey || !(fill || tab)) return;
  event.preventDefault();
  const seat = event.target.closest(".pane").dataset.seat;
  if (fill) { wanted[seat] = fill.closest(".form-slot").dataset.form; showForm(seat); }
  else { view(pane(seat), tab.dataset.view); history.replaceState(null, "", tab.href); toEnd(seat); }
});
function view(here, chosen) {
  here.dataset.in = chosen;
  $(".composer [name=in]", here).value = chosen;
  for (const one of all("nav a", here)) one.toggleAttribute("aria-current", one.dataset.view === chosen);
}

document.addEventListener("keydown", (event) => {
  for (const menu of event.key === "Escape" ? all(OPEN_MENUS) : []) { menu.open = false; $("summary", menu).focus(); }
});

// ---- typing: what a command wants, whom one may mean, and nothing lost when a page is loaded again

function hint(text) {
  const typed = text.value;
  const known = all("#commands option").filter((one) => typed && (typed.startsWith(one.value) || one.value.startsWith(typed))).pop();
  const usage = $(".usage", text.form);
  usage.textContent = typed.startsWith("/") && known ? `${known.dataset.usage}: ${known.label}` : "";
  const at = typed.match(/^(.*\s)?@[\w.-]*$/);
  const names = $("#names") || document.body.appendChild(Object.assign(document.createElement("datalist"), { id: "names" }));
  if (at) names.replaceChildren(...all("#handles option").map((one) => new Option(one.label, (at[1] || "") + one.value)));
  text.setAttribute("list", at ? "names" : "commands");
}
document.addEventListener("input", ({ target }) => {
  if (target.matches(".composer [name=text]")) hint(target);
  const slot = target.closest(".form-slot");
  const values = slot && inputs(slot).map((one) => (one.type === "checkbox" ? one.checked : one.value));
  if (slot) sessionStorage.setItem(kept + slot.dataset.form, JSON.stringify(values));
});
function refill() {
  for (const slot of all(".form-slot")) {
    const typed = JSON.parse(sessionStorage.getItem(kept + slot.dataset.form) || "[]");
    typed.forEach((value, at) => { const one = inputs(slot)[at]; if (one) one[one.type === "checkbox" ? "checked" : "value"] = value; });
  }
}
function tick() {
  const now = $("#now:not([data-stopped])");
  if (!now) return;
  now.dataset.ahead ??= new Date(now.dateTime) - Date.now();
  const told = new Date(Date.now() + Number(now.dataset.ahead));
  now.textContent = told.toLocaleString("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
}

refill();
tick();
setInterval(tick, 10000);
all(".pane").forEach((one) => toEnd(one.dataset.seat));
if ($(".panes")) listen();
