// What waits, as a file that a person can read and this page can take in again: the way out if all else fails.
"use strict";
portal.transfer = (() => {
  const { store, moment } = portal;
  const FORMAT = "vtlt-1";
  const TO_TAKE = "Dữ liệu để nhận lại";
  const KINDS = { string: ["url", "title", "label", "code", "id", "made_at"], number: ["user", "pk"] };

  function asText(file) {
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(file);
    });
  }

  // A photograph that the device cannot read any more is named; there is nothing of it to take in again.
  async function line(entry) {
    const { n, file, ...rest } = entry;
    const readable = { "Đơn vị": entry.title, "Tiêu chí": entry.label, "Nhập lúc": moment(new Date(entry.made_at)) };
    if (entry.kind === "piece") Object.assign(readable, { "Minh chứng": entry.given });
    if (file) {
      Object.assign(readable, { "Ảnh": entry.fileName });
      rest.data = await asText(file).catch(() => null);
      if (rest.data === null) return { ...readable, "Lưu ý": "Thiết bị không đọc được ảnh này" };
    } else if (entry.code === "inspected_on") {
      readable["Ngày kiểm tra"] = entry.values.inspected_on;
    } else if (entry.kind === "answer") {
      // The file is for people in the portal's own language, whatever the screen speaks.
      Object.assign(readable, { "Kết quả": entry.given || portal.outcomes[entry.values.outcome]?.word, "Số liệu": entry.values.number || entry.values.text, "Ghi chú": entry.values.note });
    }
    return { ...readable, [TO_TAKE]: rest };
  }

  async function save(person) {
    const lines = await Promise.all((await store.entries(person.id)).map(line));
    const content = {
      "Nội dung": "Câu trả lời và ảnh chưa gửi được từ thiết bị này", "Người nhập": person.name, "Lưu lúc": moment(new Date()),
      "Mã người nhập": person.id, "Định dạng": FORMAT, "Các mục": lines,
    };
    const file = new Blob([JSON.stringify(content, null, 2)], { type: "application/json" });
    const address = URL.createObjectURL(file);
    const now = new Date();
    const stamp = now.toISOString().slice(0, 16).replace(/[-:]/g, "").replace("T", "-");
    const link = portal.element("a", { href: address, download: `vtlt-chua-gui-${stamp}.json` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
    return lines.filter((each) => !each[TO_TAKE]).map((each) => each["Ảnh"]);
  }

  // A file can be changed by anybody: only what this page itself writes is taken, and only to addresses of checklists.
  function sound(entry) {
    if (!entry || typeof entry !== "object") return false;
    for (const [type, names] of Object.entries(KINDS)) if (names.some((name) => typeof entry[name] !== type)) return false;
    const address = new RegExp(`^(/phieu/${entry.pk}/(luu|minh-chung)|/tu-kiem-tra/${entry.pk}/minh-chung/them/[\\w-]+)/(\\?thay=\\d+)?$`);
    if (!address.test(entry.url) || Number.isNaN(Date.parse(entry.made_at))) return false;
    const isFile = typeof entry.data === "string" && entry.data.startsWith("data:");
    if (entry.kind === "photo") return isFile;
    const isTyped = entry.values && Object.values(entry.values).every((value) => typeof value === "string");
    return isTyped && (entry.kind === "answer" || (entry.kind === "piece" && (isFile || entry.data === undefined)));
  }

  function blob(data) {
    const [head, body] = data.split(",", 2);
    const bytes = Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
    return new Blob([bytes], { type: /^data:([\w/+.-]*)/.exec(head)?.[1] ?? "" });
  }

  // What was on its way already keeps its number, so that the portal takes it once; the rest likewise.
  async function take(text, person) {
    const content = JSON.parse(text);
    if (content["Định dạng"] !== FORMAT) throw new Error("format");
    if (content["Mã người nhập"] !== person.id) return { other: String(content["Người nhập"]) };
    const entries = content["Các mục"].map((item) => item[TO_TAKE]).filter(Boolean);
    if (!entries.every((entry) => sound(entry) && entry.user === person.id)) throw new Error("entry");
    const files = entries.map((entry) => (entry.data ? blob(entry.data) : null));
    const here = new Set((await store.entries(person.id)).map((entry) => entry.id));
    const fresh = entries.filter((entry) => !here.has(entry.id));
    await store.within(["queue"], "readwrite", (queue) => {
      for (const entry of fresh) {
        const { data, ...rest } = entry;
        const file = files[entries.indexOf(entry)];
        queue.add({ ...rest, ...(file ? { file } : {}), attempted: true, state: "waiting", message: "", errors: {}, quiet: 0 });
      }
    });
    return { count: fresh.length, known: entries.length - fresh.length };
  }

  return { save, take };
})();
