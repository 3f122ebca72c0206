// Keeps the progress of a job up to date, and loads the page anew once the job is over.
"use strict";
for (const box of document.querySelectorAll("[data-job]")) {
  const bar = box.querySelector("progress");
  const write = (name, text) => { box.querySelector(`[data-job-${name}]`).textContent = text; };
  const show = (job) => {
    write("status", job.status);
    write("step", job.step ? `: ${job.step}` : "");
    write("count", job.total ? `${job.done} / ${job.total}` : job.done || "");
    if (job.percent !== null) bar.value = job.percent;
  };
  const ask = async () => {
    try {
      const answer = await fetch(box.dataset.job, { headers: { Accept: "application/json" } });
      if (answer.status >= 400 && answer.status < 500) return;
      if (answer.ok) {
        const job = await answer.json();
        if (job.is_over) { location.reload(); return; }
        show(job);
      }
    } catch {
      // Without a network the next question may get its answer, as while the portal starts anew.
    }
    setTimeout(ask, 2000);
  };
  if (bar) setTimeout(ask, 1500);
}
