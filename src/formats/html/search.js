// Searches the pages of the site by the words of their titles. The index is a script of its own, which is loaded with
// the first search, so that no page waits for it; nothing else is asked for.
(() => {
  "use strict";
  const MOST = 20;
  const box = document.querySelector(".search");
  const field = document.getElementById("search");
  const found = document.getElementById("found");
  const count = document.getElementById("found-count");
  if (!box || !field || !found || !count) return;
  box.hidden = false;

  let loading;
  const load = () => {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = box.dataset.index;
      script.onload = () => resolve(globalThis.relplanIndex.map(prepared));
      script.onerror = () => reject(new Error("the search index is missing"));
      document.head.append(script);
    });
    return loading;
  };

  // Letters with marks are found without them.
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const prepared = ([name, title, about, path]) => {
    return { name, title, path, key: folded(name), head: folded(title), all: folded(`${name} ${title} ${about}`) };
  };

  const rank = (page, words, whole) => {
    if (!words.every((word) => page.all.includes(word))) return -1;
    if (page.key === whole) return 4;
    if (page.key.startsWith(whole)) return 3;
    if (page.head.startsWith(whole)) return 2;
    return words.every((word) => page.head.includes(word)) ? 1 : 0;
  };

  const search = (pages, text) => {
    const whole = folded(text.trim());
    const words = whole.split(/\s+/u).filter(Boolean);
    if (words.length === 0) return [];
    const ranked = pages.map((page, place) => ({ page, place, rank: rank(page, words, whole) }));
    const hits = ranked.filter((hit) => hit.rank >= 0);
    hits.sort((one, other) => other.rank - one.rank || one.place - other.place);
    return hits.map((hit) => hit.page);
  };

  const part = (name, text, className) => {
    const element = document.createElement(name);
    element.textContent = text;
    if (className) element.className = className;
    return element;
  };

  const link = (page) => {
    const element = document.createElement("a");
    element.href = box.dataset.root + page.path;
    if (page.name) element.append(part("span", page.name, "name"));
    element.append(part("span", page.title));
    return element;
  };

  const show = (hits, text) => {
    const isEmpty = text.trim() === "";
    found.replaceChildren(...hits.slice(0, MOST).map(link));
    if (hits.length > MOST) found.append(part("p", `${hits.length - MOST} more`, "more"));
    if (hits.length === 0 && !isEmpty) found.append(part("p", "No results", "more"));
    found.hidden = isEmpty;
    count.textContent = isEmpty ? "" : hits.length === 1 ? "1 result" : `${hits.length} results`;
  };

  const update = async () => {
    const text = field.value;
    try {
      const pages = await load();
      if (text === field.value) show(search(pages, text), text);
    } catch (error) {
      found.replaceChildren(part("p", `Search does not work: ${error.message}.`, "more"));
      found.hidden = false;
    }
  };

  const close = () => {
    found.hidden = true;
    count.textContent = "";
  };

  const links = () => [...found.querySelectorAll("a")];
  const move = (step) => {
    const all = links();
    const at = all.indexOf(document.activeElement) + step;
    if (at < 0) field.focus();
    else all[Math.min(at, all.length - 1)]?.focus();
  };

  field.addEventListener("focus", () => load().catch(() => {}));
  field.addEventListener("input", update);
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") {
      close();
      field.focus();
    } else if (event.key === "Enter" && event.target === field) {
      if (found.hidden) update();
      else links()[0]?.click();
    } else return;
    event.preventDefault();
  });
  box.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !box.contains(event.relatedTarget)) close();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!box.contains(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
    if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
  });
})();
