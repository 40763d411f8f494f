// What a page can do beyond links and forms. Every essential path works without this file.
"use strict";
// Where the other script did not arrive, the buttons of a page without scripts stay.
if (window.htmx) document.documentElement.classList.add("scripted");

// What stands in the panel leaves the page below as it is, also one that Back cannot bring again.
const opensTab = (link) => {
  link.target = "_blank";
  link.relList.add("noopener");
  link.insertAdjacentHTML("beforeend", '<span class="hide"> (opens a new tab)</span>');
};

// A citation opens beside the text: the panel is a dialog, closed by Escape or its button.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "panel-body") {
    const panel = document.getElementById("panel");
    if (!panel.open) panel.showModal();
    panel.scrollTop = 0;
  }
  for (const link of document.querySelectorAll("#panel-body a[href]:not([hx-get], [target])")) opensTab(link);
  if (event.detail.target.id !== "assess") return;
  // A fact answered in place says what it changed; readers of screens are taken there, unless they have gone on.
  const answered = document.getElementById("answered");
  if (answered && !meanwhile.length && !begun) answered.focus();
});

// By keyboard a fact in place is chosen before it is answered: arrows pass through values that nobody means. The
// choice waits until Enter, or until its fact is left. A press of a mouse or a finger answers at once.
let byKey = false;
let waiting = null;
const isTicked = (field) => ["radio", "checkbox"].includes(field.type);
const isChoice = (field) => field.matches?.(".in-place :is(select, [type=radio], [type=checkbox])");
const givenIn = (fact) => [...fact.querySelectorAll("input, select")]
  .filter((field) => field.value && (field.checked || !isTicked(field)));
const answerNow = () => {
  const [given] = givenIn(waiting);
  waiting = null;
  given?.dispatchEvent(new Event("change", { bubbles: true }));
};
document.addEventListener("pointerdown", () => { byKey = false; });
document.addEventListener("keydown", (event) => {
  if (isChoice(event.target)) byKey = true;
  if (event.key !== "Enter" || !waiting?.contains(event.target)) return;
  event.preventDefault(); // it would send the form, or unfold the list of values
  answerNow();
});
document.addEventListener("change", (event) => {
  if (!event.isTrusted || !event.target.closest(".in-place")) return;
  waiting = byKey && isChoice(event.target) ? event.target.closest(".fact") : null;
  if (waiting) event.stopPropagation();
}, true);
// Another window that comes to the front takes the focus too, and leaves no fact: it comes back to the same field.
document.addEventListener("focusout", (event) => {
  const left = document.activeElement !== event.target && !waiting?.contains(event.relatedTarget);
  if (waiting && left) answerNow();
});
document.addEventListener("htmx:configRequest", (event) => {
  for (const field of waiting ? givenIn(waiting) : []) event.detail.formData.delete(field.name);
});

// What was given while the scripts were on their way is asked when they are here. What still has the focus by keyboard
// is only chosen, as above; what is typed there is asked when its field is left.
const isChanged = (field) => {
  if (isTicked(field)) return field.checked !== field.defaultChecked;
  if (field.localName !== "select") return field.value !== field.defaultValue;
  return field.selectedIndex !== Math.max([...field.options].findIndex((option) => option.defaultSelected), 0);
};
document.addEventListener("DOMContentLoaded", () => {
  const facts = document.getElementById("facts");
  if (!facts || !window.htmx) return;
  const focused = document.activeElement;
  byKey = isChoice(focused) && focused.matches(":focus-visible");
  const given = [...facts.elements]
    .filter((field) => field.matches("input:not([type=hidden]), select") && isChanged(field));
  const chosen = byKey && given.some((field) => field.name === focused.name) ? focused.closest(".fact") : null;
  waiting = chosen;
  const early = given.filter((field) => !chosen?.contains(field) && (field !== focused || isChoice(field)));
  const [first] = [...early.filter((field) => field.closest(".in-place")), ...early];
  first?.dispatchEvent(new Event("change", { bubbles: true }));
});

// Who has gone on to another fact in place finds it again after an answer, with what was begun there.
let begun = null;
const bringsFacts = (event) => ["assess", "results"].includes(event.detail.target.id);
const inPlace = (name, value) => [...document.querySelectorAll(".in-place :is(input, select)")]
  .find((field) => field.name === name && (!isTicked(field) || value === undefined || field.value === value));
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!bringsFacts(event) || !event.detail.shouldSwap) return;
  waiting = null;
  const focused = document.activeElement;
  const first = focused.closest(".ask-fact")?.querySelector("input, select");
  if (!first || event.detail.requestConfig.formData.getAll(first.name).some(Boolean)) return;
  begun = { focused, name: first.name, given: givenIn(focused.closest(".ask-fact")) };
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (!begun || !bringsFacts(event)) return;
  const { focused, name, given } = begun;
  begun = null;
  const fact = inPlace(name)?.closest(".ask-fact");
  if (!fact) {
    document.getElementById("answered")?.focus();
    return;
  }
  for (const old of given) {
    const own = inPlace(old.name, old.value);
    if (isTicked(own)) own.checked = true;
    else own.value = old.value;
  }
  if (given.length) waiting = fact.querySelector(".fact");
  (focused.name ? inPlace(focused.name, focused.value) : fact.querySelector("summary")).focus();
});

// What is given while an answer is on its way is not in the form that comes: it is put there, and asked next.
let meanwhile = [];
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "assess") return;
  const sent = event.detail.requestConfig.formData;
  const differs = (field) => isTicked(field)
    ? field.checked !== sent.getAll(field.name).includes(field.value)
    : field.value !== sent.get(field.name);
  const facts = [...document.getElementById("facts").elements].filter((field) => field.name.startsWith("fact."));
  meanwhile = facts.filter(differs);
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "assess") return;
  const facts = [...document.getElementById("facts").elements];
  for (const old of meanwhile.splice(0)) {
    const own = facts.find((field) => field.name === old.name && (!isTicked(field) || field.value === old.value));
    if (!own) continue;
    if (isTicked(own)) own.checked = old.checked;
    else own.value = old.value;
    own.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

// An answer given in place whose request makes room for that of the next fact goes along with it, into the form.
document.addEventListener("htmx:sendAbort", (event) => {
  const form = event.target.matches(".in-place") && document.getElementById("facts");
  if (!form) return;
  const answers = [...new FormData(form)].filter(([name, value]) => name.startsWith("answer.") && value);
  for (const [name, value] of answers) {
    const own = form.elements.namedItem(name.replace("answer.", "fact."));
    for (const each of own instanceof RadioNodeList ? own : [own]) {
      if (each && isTicked(each)) each.checked ||= each.value === value;
      else if (each) each.value = value;
    }
  }
});

// What is typed while a form is on its way to get another shape would be taken back: until then nothing can be.
for (const [moment, waits] of [["htmx:beforeRequest", true], ["htmx:afterRequest", false]]) {
  document.addEventListener(moment, (event) => {
    if (event.target.matches("#proposal button")) document.getElementById("proposal").inert = waits;
  });
}

// A check that is on its way when the form gets another shape is given up: its fields may be gone, and what it would
// say came with the new form.
let check = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "proposal") check = { form: event.target, xhr: event.detail.xhr };
});
document.addEventListener("htmx:afterSwap", () => {
  if (check && !check.form.isConnected) check.xhr.abort();
});

// Problems of a proposal come to their fields as it is written; readers of screens hear of them.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "checked") return;
  for (const problem of document.querySelectorAll("#proposal .problem[id]")) {
    const field = document.getElementById(problem.id.replace(/^p-/, "f-"));
    if (!field || field.localName === "fieldset") continue;
    if (problem.textContent) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
});

document.addEventListener("click", (event) => {
  const panel = document.getElementById("panel");
  if (event.target === panel) panel.close();
  const button = event.target.closest("[data-print], [data-copy]");
  if (!button) return;
  if (button.hasAttribute("data-print")) {
    window.print();
    return;
  }
  const text = document.getElementById(button.dataset.copy);
  const status = document.getElementById(button.dataset.copy + "-status");
  const done = () => { status.textContent = "Copied."; };
  if (navigator.clipboard) {
    navigator.clipboard.writeText(text.value).then(done, () => text.select());
  } else {
    text.select();
  }
});

// On paper nothing stays folded, but the numbers that a family did not ask for. After it all is as it was.
let unfolded = [];
window.addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("main details:not([open], .numbers, .no-print, .no-print *)")];
  for (const each of unfolded) each.open = true;
});
window.addEventListener("afterprint", () => {
  for (const each of unfolded.splice(0)) each.open = false;
});

// A part that cannot be loaded leaves the page as it is, and says so.
for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, () => {
    const trouble = document.getElementById("trouble");
    trouble.textContent = "This could not be loaded. Load the page again and repeat the step.";
    trouble.hidden = false;
    trouble.scrollIntoView();
  });
}
