// The search. A pasted log line has words that no page has, so it is first compared with the
// table of log lines; then Pagefind looks for its words. Nothing that is typed leaves the browser.
"use strict";

(() => {
  const box = document.querySelector("search.search");
  if (!box) return;
  const root = document.body.dataset.root;
  const input = box.querySelector("input");
  const panel = box.querySelector(".results");
  const found = box.querySelector(".found");
  const count = box.querySelector(".count");
  const longest = 4096; // characters of a line that are compared
  const most = 8; // pages for the words of a query
  // What a server writes before a message, for a line that was copied without it.
  const levels = ["", "[emerg] ", "[crit] ", "[error] ", "[alert] ", "ERROR: ", "WARNING: ", "NOTICE: ", "ALERT: "];
  box.hidden = false;

  let table, pages, pasted = "", asked = 0;
  const load = () => {
    table ??= fetch(root + "assets/lines.json").then((r) => r.json()).then((t) => {
      for (const line of t.lines) line.matcher = new RegExp(line.expression, "u");
      return t;
    });
    pages ??= import(new URL(root + "pagefind/pagefind.js", location.href)).then((p) => p.init().then(() => p));
    return Promise.all([table, pages]);
  };

  // rowOf returns the row of the table that a line is of.
  const rowOf = (lines, text) => {
    for (const level of levels) {
      const row = lines.find((l) => l.matcher.test(level + text));
      if (row) return row;
    }
  };

  // rulesOf returns the rules of each of some lines, each rule only with its first line.
  const rulesOf = (t, texts) => {
    const listed = new Set(), groups = [];
    for (const text of texts) {
      const ids = (rowOf(t.lines, text.slice(0, longest))?.rules ?? []).filter((id) => !listed.has(id));
      for (const id of ids) listed.add(id);
      if (ids.length) groups.push({ text, ids });
    }
    return { listed, groups };
  };

  const element = (tag, className, text) => {
    const e = document.createElement(tag);
    if (className) e.className = className;
    if (text) e.textContent = text;
    return e;
  };

  // group shows results below a title and perhaps a line of a log; each result is an address
  // and what the link shows.
  const group = (title, results, line) => {
    if (results.length === 0) return;
    found.append(element("p", "group", title));
    if (line) found.append(element("code", "line", line));
    const list = found.appendChild(element("ul"));
    for (const [address, ...parts] of results) {
      const link = list.appendChild(element("li")).appendChild(element("a"));
      link.href = address;
      link.append(...parts);
    }
  };

  const address = (path) => root + path + (location.protocol === "file:" ? "index.html" : "");

  const ruleResult = (t, id) => {
    const title = element("span", "title", ` ${t.rules[id].name} `);
    title.prepend(element("span", "code", id));
    title.append(element("span", t.rules[id].severity, t.rules[id].severity));
    return [address(`rules/${id}/`), title, element("span", "summary", t.rules[id].summary)];
  };

  const pageResult = (page) => {
    const excerpt = element("span", "excerpt");
    const parsed = new DOMParser().parseFromString(page.excerpt, "text/html");
    excerpt.append(...parsed.body.childNodes);
    return [page.url, element("span", "title", page.meta.title), element("span", "summary", page.meta.summary), excerpt];
  };

  const show = async () => {
    const query = input.value.trim();
    const mine = ++asked;
    if (query === "") return close();
    let t, p;
    try {
      [t, p] = await load();
    } catch {
      found.replaceChildren();
      panel.hidden = false;
      count.textContent = "The search needs a web server: this page was opened as a file.";
      return;
    }
    const flat = pasted.split(/\s*\n\s*/).filter(Boolean);
    const { listed, groups } = rulesOf(t, flat.length > 1 && flat.join(" ") === query ? flat : [query]);
    const search = await p.search(query);
    const shown = await Promise.all(search.results.slice(0, most).map((r) => r.data()));
    if (mine !== asked) return;
    const others = shown.filter((page) => !listed.has(page.url.split("/").at(-2)));
    found.replaceChildren();
    for (const { text, ids } of groups) {
      group(ids.length > 1 ? `One of ${ids.length} rules explains this line` : "A rule explains this line", ids.map((id) => ruleResult(t, id)), text);
    }
    group("Pages with these words", others.map(pageResult));
    panel.hidden = false;
    const n = listed.size + others.length;
    count.textContent = n === 0 ? "No results" : `${n} result${n === 1 ? "" : "s"}`;
  };

  const close = () => {
    asked++;
    panel.hidden = true;
    count.textContent = "";
  };

  // The keys: / leads here, arrows through the results, Enter to the first, Escape away.
  let timer;
  input.addEventListener("focus", () => load().catch(() => {}));
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 120);
  });
  input.addEventListener("paste", (event) => {
    // A field of one line drops the ends of lines.
    pasted = event.clipboardData.getData("text").trim();
    if (!pasted.includes("\n")) return;
    event.preventDefault();
    input.setRangeText(pasted.replace(/\s*\n\s*/g, " "), input.selectionStart, input.selectionEnd, "end");
    input.dispatchEvent(new Event("input"));
  });
  box.addEventListener("keydown", (event) => {
    const links = [...found.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "Escape" && !panel.hidden) {
      close();
      input.focus();
    } else if (event.key === "ArrowDown" || (event.key === "Enter" && at < 0)) {
      links[Math.min(at + 1, links.length - 1)]?.focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      (links[at - 1] ?? input).focus();
    } else {
      return;
    }
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea")) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
  document.addEventListener("click", (event) => {
    if (!box.contains(event.target)) close();
  });
  box.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !box.contains(event.relatedTarget)) close();
  });
})();
