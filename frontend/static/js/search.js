// Suggestions while typing, as an ARIA combobox with a list. Without this module the form searches all the same.

const WAIT = 180;
const SHORTEST = 2;

for (const form of document.querySelectorAll('[data-part="search"]')) enhance(form);

function enhance(form) {
  const input = form.querySelector('input[name="q"]');
  const field = input.parentElement;
  const list = document.createElement("ul");
  const status = document.createElement("div");
  let options = [];
  let current = -1;
  let timer = 0;
  let asked = null;

  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.querySelector(`label[for="${input.id}"]`)?.textContent ?? "");
  list.hidden = true;
  status.className = "kern-sr-only";
  status.setAttribute("role", "status");
  field.append(list);
  form.append(status);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) {
    input.setAttribute(name, value);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", onKey);
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option) take(options.indexOf(option));
  });

  async function ask() {
    const text = input.value.trim();
    asked?.abort();
    if (text.length < SHORTEST) return close();
    asked = new AbortController();
    try {
      const address = new URL(form.dataset.suggest, location.href);
      address.searchParams.set("q", text);
      const answer = await fetch(address, { signal: asked.signal, credentials: "omit" });
      if (!answer.ok) return close();
      show((await answer.json()).suggestions ?? []);
    } catch {
      close(); // typed on, or no network: the form still works
    }
  }

  function show(suggestions) {
    options = suggestions.map((one, index) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${index}`;
      option.className = "suggestion";
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.path = one.path ?? "";
      option.dataset.name = one.name;
      const kind = document.createElement("span");
      kind.textContent = one.place ? `${one.kind} · ${one.place}` : one.kind;
      option.append(one.name, kind);
      return option;
    });
    current = -1;
    input.removeAttribute("aria-activedescendant");
    list.replaceChildren(...options);
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = options.length === 1 ? form.dataset.one : form.dataset.many.replace("%n", options.length);
  }

  function close() {
    asked?.abort();
    clearTimeout(timer);
    list.hidden = true;
    options = [];
    current = -1;
    list.replaceChildren();
    status.textContent = "";
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function move(to) {
    options[current]?.setAttribute("aria-selected", "false");
    current = (to + options.length) % options.length;
    options[current].setAttribute("aria-selected", "true");
    options[current].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[current].id);
  }

  function take(index) {
    const option = options[index];
    if (!option) return;
    if (option.dataset.path) {
      location.assign(form.dataset.base + option.dataset.path);
    } else {
      input.value = option.dataset.name;
      close();
      form.requestSubmit();
    }
  }

  function onKey(event) {
    if (list.hidden) {
      if (event.key === "ArrowDown" && input.value.trim().length >= SHORTEST) {
        event.preventDefault();
        ask();
      }
      return;
    }
    if (event.key === "ArrowDown") move(current + 1);
    else if (event.key === "ArrowUp") move(current < 0 ? options.length - 1 : current - 1);
    else if (event.key === "Enter" && current >= 0) take(current);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  }
}
