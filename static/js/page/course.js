// Shows the districts only where districts organise, takes over the unit that a category is counted in,
// and asks for the summary line only where the course does not follow a rule.
"use strict";

const course = document.querySelector(".course-form");
const organiser = course.elements.organiser;
const category = course.elements.category;
const districts = course.querySelector(".districts");
const follows = course.elements.follows_rule;
const enters = course.elements.enters_summary.closest(".field");

function showDistricts() {
  if (districts) districts.hidden = organiser.value !== "district";
}

const units = JSON.parse(course.dataset.units);
const ruled = JSON.parse(course.dataset.ruled || "[]");

function showRule() {
  if (!follows) return;
  const hasRule = ruled.includes(Number(category.value));
  follows.closest(".field").hidden = !hasRule;
  enters.hidden = hasRule && follows.checked;
}

category.addEventListener("change", (event) => {
  const unit = units[event.target.value];
  if (unit) course.elements.unit.value = unit;
  showRule();
});
organiser.addEventListener("change", showDistricts);
if (follows) follows.addEventListener("change", showRule);
course.addEventListener("restored", () => { showDistricts(); showRule(); });
showDistricts();
showRule();
