// Photographs: taken or chosen at the criterion, kept on the device, sent when there is a network.
"use strict";
(() => {
  const { form, places } = portal.answers ?? {};
  if (!form || !form.dataset.evidence) return;
  const { queue, word, element } = portal;
  const LIMIT = Number(form.dataset.largest) || 15;
  const shown = new Map();
  const ACCEPT = form.dataset.accept || "image/*,application/pdf";
  //: why sending rests, in the words of one file
  const RESTS = { network: "waiting", signIn: "signIn", busy: "busy", noRoom: "noRoom", other: "noteOther" };

  function offer(place) {
    const list = place.node.querySelector("[data-evidence-list]");
    if (!list || place.node.querySelector("[data-take-photo]")) return;
    const input = element("input", { type: "file", accept: ACCEPT, multiple: true, class: "visually-hidden", "aria-label": `${word("photo")} ${place.number}` });
    const label = element("label", { class: "button take-photo", "data-take-photo": true }, form.dataset.choose || word("photo"), input);
    (place.node.querySelector("[data-evidence-add]") ?? list).insertAdjacentElement("afterend", label);
    besideIt(label, list);
    input.addEventListener("change", async (event) => {
      event.stopPropagation();
      // Emptied at once: what the device keeps is no file that a draft of the form would have to name.
      const chosen = [...input.files];
      input.value = "";
      for (const file of chosen) await keep(place, file);
    });
  }

  // Without scripts the link is the one way to evidence; beside the photographs it is for documents by their number.
  function besideIt(label, list) {
    const link = form.dataset.byNumber ? list.querySelector(":scope > a[href*='/them/']") : null;
    if (!link) return;
    link.textContent = form.dataset.byNumber;
    link.className = "button take-photo";
    link.dataset.byNumber = "";
    label.after(link);
  }

  //: long side of what is kept; enough to read a page of a register (PHOTO_LONG_SIDE in the settings)
  const LONG_SIDE = Number(form.dataset.side) || 0;

  async function keep(place, chosen) {
    const file = await portal.scaled(chosen, LONG_SIDE);
    if (file.size > LIMIT * 1024 * 1024) return say(place, word("photoLarge", { size: LIMIT }));
    try {
      // Its bytes, not the reference to the file: that would be gone once the browser is closed.
      const copy = new Blob([await file.arrayBuffer()], { type: file.type });
      await queue.addPhoto({
        user: portal.autosave.user, pk: portal.autosave.pk, code: place.code, url: place.evidence ?? form.dataset.evidence,
        title: portal.autosave.title, label: place.label, file: copy, fileName: file.name || "anh.jpg", caption: "",
      });
      say(place, "");
    } catch (error) {
      say(place, portal.store.faultWord(error));
    }
  }

  function say(place, text) {
    const box = place.box("data-photo-fault");
    box.className = "error";
    box.setAttribute("role", "alert");
    box.textContent = text;
  }

  // The photographs that wait, beside those that the portal has.
  function draw(entries) {
    const photos = entries.filter((entry) => entry.kind === "photo");
    for (const [n, node] of shown) if (!photos.some((photo) => photo.n === n)) drop(n, node);
    for (const photo of photos) {
      const list = places.get(photo.code)?.node.querySelector("[data-evidence-list]");
      if (!list) continue;
      if (!shown.has(photo.n)) shown.set(photo.n, item(photo, list));
      const text = photo.state === "waiting" ? waitingText(photo) : [word(photo.state === "refused" ? "notTaken" : photo.state), photo.message].filter(Boolean).join(": ");
      const node = shown.get(photo.n);
      if (node.querySelector("[data-why]").textContent !== text) node.querySelector("[data-why]").textContent = text;
      node.querySelector("a").hidden = photo.state === "waiting";
      const again = node.querySelector("[data-again]");
      if (again) again.hidden = photo.state === "waiting";
      // What goes at once leaves no time to write.
      if (photo.state === "waiting" ? queue.whyNot(photo) : photo.errors.caption) node.querySelector("input").hidden = false;
    }
  }

  function waitingText(photo) {
    const { photo: leaving } = queue.status;
    const isLeaving = leaving && leaving.n === photo.n;
    const why = queue.whyNot(photo);
    // In a checklist the line above it says the rest.
    if (!form.matches("[data-self]") && why !== "noRoom") return isLeaving ? `${word("saving")} ${leaving.percent}%` : word("photoWaiting");
    if (isLeaving) return `${word("sendingPhoto", leaving)} · ${leaving.percent}%`;
    return word(RESTS[why] ?? "photoWaiting");
  }

  function item(photo, list) {
    const address = URL.createObjectURL(photo.file);
    const isPicture = photo.file.type.startsWith("image/");
    const node = element(
      list.matches("ul, ol") ? "li" : "div", { class: "evidence waiting-photo", "data-waiting-photo": photo.n },
      isPicture ? element("img", { src: address, alt: photo.fileName, width: 72, height: 72 }) : element("span", {}, photo.fileName),
      element("span", { "data-why": true, class: "soft small" }),
      element("input", {
        type: "text", maxlength: 300, value: photo.caption, placeholder: word("caption"), "aria-label": word("caption"), autocomplete: "off", hidden: true,
      }),
      element("a", { href: address, download: photo.fileName }, word("photoFile")),
      form.dataset.again ? element("button", { type: "button", class: "link", "data-again": true, click: () => queue.retry(photo.user) }, form.dataset.again) : null,
      element("button", { type: "button", class: "link", click: () => { if (confirm(word("photoRemoveSure"))) queue.remove(photo.n); } }, word("photoRemove")),
    );
    const caption = node.querySelector("input");
    caption.addEventListener("input", () => { queue.describe(photo.n, caption.value).catch((error) => say(places.get(photo.code), portal.store.faultWord(error))); });
    list.append(node);
    return node;
  }

  function drop(n, node) {
    const address = node.querySelector("a").href;
    node.remove();
    shown.delete(n);
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  queue.listen((news) => {
    if (news.type !== "answer" || news.kind !== "photo" || news.pk !== portal.autosave.pk || news.user !== portal.autosave.user) return;
    if (news.answer.state !== "saved" || !news.answer.html) return;
    const list = places.get(news.code)?.node.querySelector("[data-evidence-list]");
    const fresh = element("ul");
    fresh.innerHTML = news.answer.html;
    // Sent twice because the receipt was lost, it is still one.
    const address = fresh.querySelector("a")?.getAttribute("href");
    if (list && !(address && list.querySelector(`a[href="${CSS.escape(address)}"]`))) list.append(...fresh.children);
  });
  form.addEventListener("drawn", (event) => draw(event.detail));
  form.addEventListener("ready", () => { for (const place of places.values()) if (!place.isDay) offer(place); });
})();
