/**
 * <password-field data-show="Show" data-hide="Hide"> <label …> <input type="password"> </password-field>
 *
 * Adds a button that shows what is typed. Without script there is the field alone.
 */
export class PasswordField extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector("input");
    if (!input || this.querySelector("button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "reveal";
    button.setAttribute("aria-controls", input.id);
    const turn = (shown: boolean): void => {
      input.type = shown ? "text" : "password";
      button.textContent = (shown ? this.dataset["hide"] : this.dataset["show"]) ?? "";
      button.ariaPressed = String(shown);
    };
    button.addEventListener("click", () => turn(input.type === "password"));
    // A form that was sent with the password in sight must not leave it there for the next person at the screen.
    input.form?.addEventListener("submit", () => turn(false));
    turn(false);
    const holder = document.createElement("span");
    holder.className = "revealing";
    input.before(holder);
    holder.append(input, button);
  }
}

customElements.define("password-field", PasswordField);
