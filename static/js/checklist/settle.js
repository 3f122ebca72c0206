// Answers that two people gave differently: the box comes from the portal, the choice goes back without leaving the page.
"use strict";
portal.settle = (() => {
  const { form, placeOf } = portal.answers ?? {};
  if (!form) return null;
  const { word, token, element } = portal;

  function show(place, html) {
    const box = place.box("data-differing");
    const fresh = element("div");
    // Rendered by the portal, which escapes what people typed; scripts in it could not run.
    fresh.innerHTML = html;
    for (const kept of fresh.querySelectorAll("[data-kept]")) box.querySelector(`[data-kept="${kept.dataset.kept}"]`)?.remove();
    box.append(...fresh.childNodes);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-settle]");
    if (!button || !portal.autosave?.isOn || !placeOf(button)) return;
    event.preventDefault();
    choose(button);
  });

  async function choose(button) {
    const kept = button.closest("[data-kept]");
    const place = placeOf(button);
    kept.querySelector("[data-why]")?.remove();
    const say = (text) => kept.append(element("p", { "data-why": true, class: "error", role: "alert" }, text));
    for (const other of kept.querySelectorAll("button")) other.disabled = true;
    try {
      const body = new URLSearchParams({ take: button.value, user: portal.autosave.user, csrfmiddlewaretoken: token() });
      const response = await fetch(button.formAction, {
        method: "POST", body, redirect: "error", cache: "no-store", headers: { Accept: "application/json", "X-CSRFToken": token() },
      });
      const answer = await response.json();
      if (response.status === 401) say(word("chooseSignIn"));
      else if (response.status === 507) say(word("chooseNoRoom"));
      else if (response.status !== 200 || answer.state === "refused") say(answer.message || word("notAccepted"));
      else {
        kept.remove();
        portal.autosave.stand(answer.checklist);
        portal.autosave.touch(place);
        portal.autosave.take(place, answer.version, answer.seen, answer.values);
        place.settled = place.read();
        place.savedAt = answer.saved_at;
        place.node.focus({ preventScroll: true });
      }
    } catch {
      say(word("chooseLater"));
    }
    for (const other of kept.querySelectorAll("button")) other.disabled = false;
    portal.autosave.refresh();
  }

  return { show };
})();
