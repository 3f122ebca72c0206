// Photographs are made smaller on the device before they leave: a camera's own file takes minutes on a slow line.
"use strict";
(() => {
  const { element } = portal;
  const QUALITY = 0.85;

  // The photograph with this long side at most. Drawn at once in that size: iOS gives no canvas over 16.7 megapixels.
  portal.scaled = async (file, side) => {
    if (!side || !file.type.startsWith("image/")) return file;
    const address = URL.createObjectURL(file);
    try {
      const picture = new Image();
      picture.src = address;
      await picture.decode();
      const factor = side / Math.max(picture.naturalWidth, picture.naturalHeight);
      if (factor >= 1) return file;
      const canvas = element("canvas", { width: Math.round(picture.naturalWidth * factor), height: Math.round(picture.naturalHeight * factor) });
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const smaller = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", QUALITY); });
      if (!smaller || smaller.size >= file.size) return file;
      return new File([smaller], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    } catch {
      // What the browser cannot draw goes as it is; the portal judges it.
      return file;
    } finally {
      URL.revokeObjectURL(address);
    }
  };

  // Files chosen in an ordinary form (data-side): its buttons wait until the smaller ones are in their place.
  async function replace(input) {
    const chosen = [...input.files];
    const buttons = [...(input.form?.elements ?? [])].filter((field) => field.matches("button") && !field.disabled);
    for (const button of buttons) button.disabled = true;
    try {
      const smaller = [];
      for (const file of chosen) smaller.push(await portal.scaled(file, Number(input.dataset.side)));
      if (smaller.every((file, place) => file === chosen[place])) return;
      const files = new DataTransfer();
      for (const file of smaller) files.items.add(file);
      // Others may have been chosen meanwhile.
      if (chosen.length === input.files.length && chosen.every((file, place) => file === input.files[place])) input.files = files.files;
    } catch {
      // Without a way to put files into a field those of the camera go.
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  }

  document.addEventListener("change", (event) => { if (event.target.matches("input[type=file][data-side]")) replace(event.target); });
})();
