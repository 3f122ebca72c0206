// Photographs and files at the criteria of a self-assessment: this page tells photos.js where they belong; they go the way
// of every photograph, through the queue on the device.
"use strict";
(() => {
  const form = document.querySelector("form[data-self][data-evidence]");
  if (!form) return;
  const { queue, store, device, element } = portal;
  const pk = Number(form.dataset.pk);
  const title = document.querySelector("h1").textContent.trim();
  const places = new Map();

  function placeOf(node) {
    const number = node.querySelector("legend b").textContent.trim();
    const label = node.querySelector("legend").textContent.replace(/\s+/g, " ").trim();
    node.querySelector(".shown")?.setAttribute("data-evidence-list", "");
    return { node, code: node.id, number, label, evidence: `${form.dataset.evidence}${node.id}/`, box: (name) => boxOf(node, name) };
  }

  function boxOf(node, name) {
    const present = node.querySelector(`[${name}]`);
    if (present) return present;
    const made = element("p", { [name]: true });
    (node.querySelector("[data-by-number]") ?? node.querySelector("[data-take-photo]") ?? node.lastElementChild).insertAdjacentElement("afterend", made);
    return made;
  }

  for (const node of form.querySelectorAll("[data-criterion]")) places.set(node.id, placeOf(node));
  portal.answers = { form, places };
  portal.autosave = { user: device.user, pk, title };

  //: who waits until all of this page has arrived
  const steps = [];

  async function draw() {
    const mine = (await store.entries(device.user)).filter((entry) => entry.pk === pk && entry.url.startsWith(form.dataset.evidence));
    form.dispatchEvent(new CustomEvent("drawn", { detail: mine }));
    if (!mine.some((entry) => entry.state === "waiting" && !queue.whyNot(entry))) for (const go of steps.splice(0)) go();
  }

  // Resolves once nothing of this page is on its way: what arrived after a step began would be taken for a colleague's change.
  portal.arrived = () => new Promise((resolve) => {
    steps.push(resolve);
    draw().catch(resolve);
  });

  // What this page adds is no colleague's change: without that it could not be handed in before it is loaded again.
  function follow({ before, version }) {
    const field = form.elements.version;
    if (version === undefined || field.value !== String(before)) return;
    field.value = version;
    portal.drafts.agree(field);
  }

  device.ready.then((here) => {
    // Without a store there is the form behind each criterion's link.
    if (!here) return;
    form.dispatchEvent(new CustomEvent("ready"));
    queue.listen((news) => {
      if (news.type === "answer" && news.pk === pk && news.user === device.user) follow(news.answer);
      draw().catch(() => {});
    });
    draw().catch(() => {});
  });
})();
