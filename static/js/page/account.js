// District and ward belong to one role each: the field that does not belong to the chosen role is out of the way,
// and the one that does is needed.
"use strict";
for (const form of document.querySelectorAll("[data-role-form]")) {
  const role = form.elements.role;
  const show = () => {
    for (const name of ["district", "ward"]) {
      const field = form.elements[name].closest(".field");
      field.hidden = role.value !== name;
      field.querySelector("label small")?.remove();
    }
  };
  role.addEventListener("change", show);
  form.addEventListener("restored", show);
  show();
}
