/** Dialogs inside the draft's form: a form cannot hold another, so their buttons say what they stand for. */

/** Show the dialog; resolves to the `data-returns` of the button pressed, to "" when it was closed otherwise. */
export function askWith(dialog: HTMLDialogElement): Promise<string> {
  const press = (event: Event): void => {
    const returns = (event.target as Element).closest<HTMLElement>("[data-returns]")?.dataset["returns"];
    if (returns !== undefined) dialog.close(returns);
  };
  dialog.returnValue = "";
  dialog.addEventListener("click", press);
  dialog.showModal();
  return new Promise((resolve) => {
    const closed = (): void => {
      // The event of a closing before comes late when the dialog is shown again at once.
      if (dialog.open) return;
      dialog.removeEventListener("click", press);
      dialog.removeEventListener("close", closed);
      resolve(dialog.returnValue);
    };
    dialog.addEventListener("close", closed);
  });
}
