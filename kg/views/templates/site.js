// Search over all entities, on every page; ENTITIES rows are [name, type, papers, page, aliases].
(function () {
  const box = document.getElementById("search"), list = document.getElementById("hits");
  const plain = (s) => s.toLowerCase().normalize("NFKD").replace(/[^\p{L}\p{N}+]+/gu, "");
  const rows = ENTITIES.map((e) => ({ e, keys: [e[0], ...e[4]].map((form) => [plain(form), form]) }));
  let on = 0;

  function rank(row, wanted) {
    let best = null;
    for (const [key, form] of row.keys) {
      const at = key.indexOf(wanted);
      const how = key === wanted ? 0 : at === 0 ? 1 : at > 0 ? 2 : near(key, wanted) ? 3 : 4;
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
    hits.sort((a, b) => a.how - b.how || b.row.e[2] - a.row.e[2] || a.form.length - b.form.length);
    list.replaceChildren(...hits.slice(0, 12).map(item));
    if (wanted && !hits.length) {
      const none = document.createElement("li");
      none.textContent = "Nothing is called like this.";
      none.style.padding = "5px 8px";
      list.append(none);
    }
    list.hidden = !wanted;
    on = 0;
    mark();
  }
  function item({ form, row }) {
    const [name, type, papers, page] = row.e;
    const li = document.createElement("li"), a = document.createElement("a"), small = document.createElement("small"), strong = document.createElement("span");
    strong.textContent = form === name ? name : `${name} (${form})`;
    strong.className = type.toLowerCase();
    small.textContent = `${type} · ${papers} paper${papers === 1 ? "" : "s"}`;
    a.href = box.dataset.root + page;
    a.append(strong, small);
    li.append(a);
    return li;
  }
  function mark() { [...list.children].forEach((li, i) => li.classList.toggle("on", i === on)); }
  box.addEventListener("input", show);
  box.addEventListener("focus", show);
  box.addEventListener("keydown", (event) => {
    const last = list.children.length - 1;
    if (event.key === "ArrowDown") on = Math.min(on + 1, last);
    else if (event.key === "ArrowUp") on = Math.max(on - 1, 0);
    else if (event.key === "Escape") { box.value = ""; show(); }
    else if (event.key === "Enter") list.children[on]?.querySelector("a")?.click();
    else return;
    event.preventDefault();
    mark();
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".search")) list.hidden = true; });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|TEXTAREA/.test(document.activeElement.tagName)) { event.preventDefault(); box.focus(); }
  });
  const filter = document.getElementById("filter");
  filter?.addEventListener("input", () => {
    const wanted = filter.value.toLowerCase();
    for (const part of document.querySelectorAll(".board, .papers li")) {
      const lines = part.matches(".board") ? [...part.querySelectorAll("tr")] : [part];
      const heading = part.querySelector("h3")?.textContent.toLowerCase() ?? "";
      for (const line of lines) line.hidden = !(heading + line.textContent.toLowerCase()).includes(wanted);
      part.hidden = lines.every((line) => line.hidden);
    }
  });
})();
