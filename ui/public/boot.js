// Starts the app. A file of its own because the content security policy forbids inline scripts.
import init from "./ui.js";

init().catch((error) => {
  const paint = document.getElementById("first-paint");
  if (paint) paint.querySelector(".shell-main").textContent = "网格行打不开，已录入的内容都在本机。请重开应用。 Gridwalker could not start; what you entered is safe. Please restart the app.";
  console.error(error);
});
