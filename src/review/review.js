"use strict";
// Buttons for decisions, on pages that `material-audit review` serves.
(() => {
  const root = document.currentScript.dataset.root;
  const address = root + "review/decisions";
  const WORDS = [
    ["确认", "confirmed", "确是问题：计入缺陷，写进补正通知书"],
    ["驳回", "rejected", "不是问题：不计数，不写进通知书"],
    ["已核", "checked", "看过了，没有问题"],
  ];
  const articles = new Map([...document.querySelectorAll("article[data-id]")].map((a) => [a.dataset.id, a]));
  const panels = new Map();
  let decisions = {};

  const bar = document.createElement("p");
  bar.className = "reviewing";
  bar.setAttribute("role", "status");
  document.body.prepend(bar);

  const element = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  const tellBar = (failure, faults) => {
    const shown = [...articles.keys()].filter((id) => decisions[id]).length;
    const all = Object.keys(decisions).length;
    const count = articles.size ? `本页 ${articles.size} 个问题，已决定 ${shown} 个；` : "";
    bar.textContent = `正在核对：${count}全部报告已决定 ${all} 个，记在 decisions.csv。再运行一次 audit 后，清单、汇总和通知书按决定更新。`;
    if (articles.size) bar.append(" 按键 1 确认、2 驳回、3 已核、0 撤销。");
    for (const text of [failure, ...(faults || [])]) {
      if (text) bar.append(element("span", { className: "failed", textContent: " " + text }));
    }
  };

  // A finding as it now stands: its buttons, its remark, its mark for the filters.
  const show = (id) => {
    const article = articles.get(id);
    const panel = panels.get(id);
    const here = decisions[id];
    const word = WORDS.find((w) => here && w[0] === here.decision);
    article.dataset.decision = word ? word[1] : "none";
    article.classList.toggle("dim", Boolean(word && word[1] !== "confirmed"));
    const chips = article.querySelector(".chips");
    for (const chip of chips.querySelectorAll("[class*=' d-']")) chip.remove();
    if (word) chips.append(element("span", { className: "chip d-" + word[1], textContent: word[0] }));
    for (const button of panel.buttons) button.setAttribute("aria-pressed", String(Boolean(word && button.value === word[0])));
    panel.undo.disabled = !here;
    if (document.activeElement !== panel.remark) panel.remark.value = here ? here.remark : "";
  };

  const take = (told, failure) => {
    decisions = told.decisions;
    panels.forEach((_, id) => show(id));
    tellBar(failure, told.faults);
  };

  const ask = async (options) => {
    const response = await fetch(address, options);
    const told = await response.json().catch(() => ({ reason: "程序没有回答清楚，请刷新页面" }));
    return { ok: response.ok, told };
  };

  const decide = async (id, word) => {
    const panel = panels.get(id);
    const before = decisions[id] || null;
    const remark = panel.remark.value.trim();
    const after = word ? { decision: word, remark } : null;
    panel.status.textContent = "正在保存……";
    panel.status.className = "";
    try {
      const { ok, told } = await ask({
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ id, before, after }),
      });
      if (ok) take(told);
      else if (told.now) take(told.now);
      panel.status.textContent = ok ? "已保存" : told.reason;
      panel.status.className = ok ? "" : "failed";
    } catch {
      panel.status.textContent = "没有保存：程序已经停止。请重新运行 material-audit review。";
      panel.status.className = "failed";
    }
  };

  const refresh = async () => {
    try {
      const { ok, told } = await ask({});
      if (ok) take(told);
      else tellBar(told.reason);
    } catch {
      tellBar("程序已经停止，决定不会保存。请重新运行 material-audit review。");
    }
  };

  for (const [id, article] of articles) {
    if (article.dataset.status === "fixed") {
      articles.delete(id);
      continue;
    }
    const buttons = WORDS.map(([word, , title]) => element("button", { type: "button", value: word, textContent: word, title }));
    const undo = element("button", { type: "button", textContent: "撤销", title: "取消这个决定" });
    const remark = element("input", { type: "text", maxLength: 500, placeholder: "备注（确认的会写进通知书）" });
    remark.setAttribute("aria-label", "备注");
    const status = element("span", {});
    status.setAttribute("role", "status");
    for (const button of buttons) button.addEventListener("click", () => decide(id, button.value));
    undo.addEventListener("click", () => decide(id, null));
    // A remark typed after the decision belongs to it.
    remark.addEventListener("change", () => decisions[id] && decide(id, decisions[id].decision));
    const panel = element("div", { className: "decide" }, ...buttons, undo, remark, status);
    panel.addEventListener("keydown", (e) => e.target === remark && e.stopPropagation());
    article.querySelector(".words").append(panel);
    panels.set(id, { buttons, undo, remark, status });
  }

  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.target.tagName === "INPUT" || e.target.tagName === "SELECT") return;
    const article = document.activeElement && document.activeElement.closest("article[data-id]");
    if (!article || !panels.has(article.dataset.id) || !"0123".includes(e.key)) return;
    const word = e.key === "0" ? null : WORDS[Number(e.key) - 1][0];
    decide(article.dataset.id, word);
    e.preventDefault();
  });

  addEventListener("focus", refresh);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
  refresh();
})();
