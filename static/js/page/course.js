// Shows the districts only where districts organise, and takes over the unit that a category is counted in.
"use strict";

const course = document.querySelector(".course-form");
const organiser = course.elements.organiser;
const districts = course.querySelector(".districts");

function showDistricts() {
  districts.hidden = organiser.value !== "district";
}

const units = JSON.parse(course.dataset.units);
course.elements.category.addEventListener("change", (event) => {
  const unit = units[event.target.value];
  if (unit) course.elements.unit.value = unit;
});
organiser.addEventListener("change", showDistricts);
showDistricts();
