"use strict";
(() => {
  const all = (selector, root) => [...(root || document).querySelectorAll(selector)];
  const rows = all("[data-row]");
  const filters = all("[data-filter]");
  const none = document.querySelector("[data-none]");
  const count = document.querySelector("[data-count]");
  const isIndex = document.body.classList.contains("index");
  // What an index row says of each of its findings: check, verdict, severity, status, decision, how many.
  const PARTS = ["check", "verdict", "severity", "status", "decision"];
  const tallies = new Map(rows.map((row) => [row, (row.dataset.f || "").split(" ").filter(Boolean).map((t) => t.split(":"))]));
  const links = new Map(rows.map((row) => [row, row.querySelector("th a")]));
  const plain = new Map([...links].filter(([, a]) => a).map(([row, a]) => [row, a.getAttribute("href")]));
  const texts = new Map(isIndex ? rows.map((row) => [row, row.textContent.toLowerCase()]) : []);

  const wanted = () => {
    const set = {};
    for (const f of filters) {
      const value = f.value.trim();
      if (value) set[f.dataset.filter] = value;
    }
    return set;
  };

  const hits = (row, set) => {
    let sum = 0;
    for (const t of tallies.get(row)) {
      if (PARTS.every((part, i) => !set[part] || set[part] === t[i])) sum += Number(t[PARTS.length]);
    }
    return sum;
  };

  const fits = (row, set) => {
    if (!isIndex) return PARTS.every((part) => !set[part] || set[part] === row.dataset[part]);
    if (set.unit && set.unit !== row.dataset.unit) return false;
    if (set.conclusion && set.conclusion !== row.dataset.conclusion) return false;
    if (set.text && !set.text.toLowerCase().split(/\s+/).every((word) => texts.get(row).includes(word))) return false;
    return !PARTS.some((part) => set[part]) || hits(row, set) > 0;
  };

  const apply = () => {
    const set = wanted();
    const asked = PARTS.filter((part) => set[part]);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !fits(row, set);
      if (!row.hidden) shown += 1;
      if (isIndex) {
        row.querySelector("[data-hits]").textContent = asked.length ? hits(row, set) : "";
        // An applicant's page opens with the filters that led to it.
        const query = new URLSearchParams(asked.map((part) => [part, set[part]])).toString();
        if (links.get(row)) links.get(row).setAttribute("href", plain.get(row) + (query ? "?" + query : ""));
      }
    }
    for (const group of all("[data-group]")) {
      const left = all("[data-row]", group).filter((row) => !row.hidden).length;
      group.hidden = left === 0;
      group.querySelector("[data-group-count]").textContent = left + " 个";
    }
    if (none) none.hidden = shown > 0;
    if (count) count.textContent = Object.keys(set).length ? `${shown} / ${rows.length}` : `共 ${rows.length}`;
  };

  const reset = () => {
    for (const f of filters) f.value = "";
    apply();
  };

  for (const f of filters) f.addEventListener("input", apply);
  for (const b of all("[data-reset]")) b.addEventListener("click", reset);
  for (const b of all("[data-set]")) {
    b.addEventListener("click", () => {
      reset();
      const f = filters.find((f) => f.dataset.filter === b.dataset.set);
      f.value = b.dataset.to;
      apply();
      document.getElementById("people").scrollIntoView();
      f.focus({ preventScroll: true });
    });
  }

  const focusable = (row) => links.get(row) || row;
  const step = (by) => {
    const left = rows.filter((row) => !row.hidden);
    if (!left.length) return;
    const here = left.findIndex((row) => row.contains(document.activeElement));
    let at = here + by;
    if (here < 0) {
      // From nowhere: the first one still to be seen on the screen, or the last one above it.
      const below = left.findIndex((row) => row.getBoundingClientRect().bottom > 60);
      at = by > 0 ? (below < 0 ? left.length - 1 : below) : (below < 0 ? left.length : below) - 1;
    }
    const row = left[Math.max(0, Math.min(left.length - 1, at))];
    focusable(row).focus({ preventScroll: true });
    row.scrollIntoView({ block: isIndex ? "nearest" : "start" });
  };

  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName);
    if (e.key === "Escape") {
      reset();
      if (typing) e.target.blur();
      return;
    }
    if (typing) return;
    const go = (selector) => {
      const a = document.querySelector(selector);
      if (a) location.href = a.href;
    };
    if (e.key === "j" || e.key === "k") step(e.key === "j" ? 1 : -1);
    else if (e.key === "n") go("[data-next]");
    else if (e.key === "p") go("[data-prev]");
    else if (e.key === "u") go("[data-up]");
    else if (e.key === "/") {
      const f = filters[0];
      if (f) f.focus();
    } else return;
    e.preventDefault();
  });

  // Paper shows pictures that were not scrolled to.
  addEventListener("beforeprint", () => all("img[loading=lazy]").forEach((img) => (img.loading = "eager")));

  // A page's mark leads to its finding even while a filter hides it.
  addEventListener("hashchange", () => {
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (row && row.hidden) {
      reset();
      row.scrollIntoView();
    }
  });

  const given = new URLSearchParams(location.search);
  for (const f of filters) {
    const value = given.get(f.dataset.filter);
    if (value) f.value = value;
  }
  apply();
})();
