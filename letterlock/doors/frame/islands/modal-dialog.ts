/** `<modal-dialog>` shows the dialog inside as soon as it is in the page, and gives focus back when it closes. */

class ModalDialog extends HTMLElement {
  #opener: Element | null = null;

  connectedCallback(): void {
    const dialog = this.querySelector("dialog");
    if (!dialog) return;
    this.#opener = document.activeElement;
    dialog.addEventListener("close", () => { this.#closed(); });
    dialog.addEventListener("click", (event) => {
      const pressed = event.target instanceof Element ? event.target.closest("[data-close]") : null;
      if (pressed || event.target === dialog) {
        event.preventDefault();
        dialog.close();
      }
    });
    dialog.showModal();
  }

  #closed(): void {
    this.remove();
    if (this.#opener instanceof HTMLElement && this.#opener.isConnected) this.#opener.focus();
  }
}

customElements.define("modal-dialog", ModalDialog);
