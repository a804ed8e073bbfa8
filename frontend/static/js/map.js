// A map to move and zoom instead of the drawing, loaded when somebody asks for it. Without this module, or if anything
// fails, the drawing stays.

for (const figure of document.querySelectorAll('[data-part="map"]')) offer(figure);

function offer(figure) {
  const start = figure.querySelector(".map__start");
  const status = figure.querySelector(".map__status");
  start.hidden = false;
  start.querySelector("button").addEventListener("click", async (event) => {
    event.currentTarget.disabled = true;
    try {
      const { show } = await import(figure.dataset.module);
      await show(figure);
      figure.querySelector(".map__keys").hidden = false;
    } catch (problem) {
      console.warn(problem);
      status.textContent = figure.dataset.failed;
    }
    start.hidden = true;
  });
}
