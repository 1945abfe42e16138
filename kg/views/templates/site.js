// Search over all names and papers on every page, and the filters of the long lists.
// A row of NAMES is [name, type, papers or year, page, aliases].
(function () {
  const MOST = 12;
  const box = document.getElementById("search"), list = document.getElementById("hits");
  const plain = (s) => s.toLowerCase().normalize("NFKD").replace(/[^\p{L}\p{N}+]+/gu, "");
  const rows = NAMES.map((row) => ({ row, keys: [row[0], ...row[4]].map((form) => [plain(form), form]) }));
  let on = 0;

  function rank({ row, keys }, wanted) {
    let best = null;
    for (const [key, form] of keys) {
      const at = key.indexOf(wanted);
      const how = key === wanted ? 0 : at === 0 ? 1 : at > 0 ? 2 : near(key.slice(0, wanted.length + 1), wanted) ? 3 : 4;
      if (how < 4 && (!best || how < best.how)) best = { how, form, row };
    }
    return best;
  }
  // One edit apart per five letters: "imagnet" finds ImageNet.
  function near(key, wanted) {
    const most = Math.floor(wanted.length / 5);
    if (!most || Math.abs(key.length - wanted.length) > most) return false;
    let last = Array.from({ length: wanted.length + 1 }, (_, i) => i);
    for (let i = 1; i <= key.length; i++) {
      const now = [i];
      for (let j = 1; j <= wanted.length; j++)
        now[j] = Math.min(last[j] + 1, now[j - 1] + 1, last[j - 1] + (key[i - 1] === wanted[j - 1] ? 0 : 1));
      last = now;
    }
    return last[wanted.length] <= most;
  }
  function show() {
    const wanted = plain(box.value);
    const hits = wanted ? rows.map((r) => rank(r, wanted)).filter(Boolean) : [];
    const weight = (hit) => (hit.row[1] === "Paper" ? 0 : hit.row[2]);
    hits.sort((a, b) => a.how - b.how || weight(b) - weight(a) || a.form.length - b.form.length);
    list.replaceChildren(...hits.slice(0, MOST).map(item));
    if (wanted && !hits.length) list.append(note("Nothing has a name like this."));
    if (hits.length > MOST) list.append(note(`${hits.length - MOST} more; type further letters`));
    list.hidden = !wanted;
    box.setAttribute("aria-expanded", String(!list.hidden));
    on = 0;
    mark();
  }
  function note(text) {
    const li = document.createElement("li");
    li.className = "note";
    li.textContent = text;
    return li;
  }
  function item({ form, row }, i) {
    const [name, type, papers, page] = row;
    const li = document.createElement("li"), a = document.createElement("a"), small = document.createElement("small"), strong = document.createElement("span");
    strong.textContent = form === name ? name : `${name} (${form})`;
    strong.className = type.toLowerCase();
    small.textContent = type === "Paper" ? `Paper ${papers ?? ""}` : `${type} · ${papers} paper${papers === 1 ? "" : "s"}`;
    a.href = box.dataset.root + page;
    a.tabIndex = -1;
    a.append(strong, small);
    li.id = `hit-${i}`;
    li.role = "option";
    li.append(a);
    return li;
  }
  function mark() {
    const items = [...list.querySelectorAll("[role=option]")];
    items.forEach((li, i) => { li.classList.toggle("on", i === on); li.ariaSelected = String(i === on); });
    items[on]?.scrollIntoView({ block: "nearest" });
    if (items.length) box.setAttribute("aria-activedescendant", `hit-${on}`);
    else box.removeAttribute("aria-activedescendant");
  }
  function close() { list.hidden = true; box.setAttribute("aria-expanded", "false"); }
  box.addEventListener("input", show);
  box.addEventListener("focus", show);
  box.addEventListener("keydown", (event) => {
    const last = list.querySelectorAll("[role=option]").length - 1;
    if (event.key === "ArrowDown") on = Math.min(on + 1, last);
    else if (event.key === "ArrowUp") on = Math.max(on - 1, 0);
    else if (event.key === "Escape") { box.value = ""; close(); }
    else if (event.key === "Enter") document.getElementById(`hit-${on}`)?.querySelector("a")?.click();
    else return;
    event.preventDefault();
    mark();
  });
  box.parentElement.addEventListener("focusout", (event) => { if (!box.parentElement.contains(event.relatedTarget)) setTimeout(close, 150); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|TEXTAREA/.test(document.activeElement.tagName)) { event.preventDefault(); box.focus(); }
  });

  const filter = document.getElementById("filter");
  if (!filter) return;
  const kinds = [...document.querySelectorAll("input[name=kind]")], kept = document.getElementById("kept");
  const boards = [...document.querySelectorAll(".board")];
  const lines = boards.length
    ? boards.flatMap((board) => [...board.querySelectorAll("tr")].map((line) => ({ line, text: board.querySelector("h3").textContent + line.textContent })))
    : [...document.querySelectorAll(".line")].map((line) => ({ line, text: line.textContent }));
  for (const one of lines) one.text = one.text.toLowerCase();
  function sift() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set(kinds.filter((k) => k.checked).map((k) => k.value));
    let n = 0;
    for (const { line, text } of lines) {
      line.hidden = !words.every((word) => text.includes(word)) || (kinds.length > 0 && !wanted.has(line.dataset.kind));
      n += !line.hidden;
    }
    for (const board of boards) board.hidden = !board.querySelector("tr:not([hidden])");
    kept.textContent = n === lines.length ? "" : n ? `${n} of ${lines.length}` : "nothing matches";
  }
  for (const input of [filter, ...kinds]) input.addEventListener("input", sift);
  addEventListener("pageshow", sift);
})();
