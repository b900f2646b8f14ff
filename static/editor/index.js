// <mews-editor>: CodeMirror over the <textarea> it holds. Without JavaScript the textarea itself is the editor.
//
//   <mews-editor mode="condition" data-findings='[{"from":0,"to":8,"severity":"error","message":"…"}]'><textarea …></textarea></mews-editor>
//
// mode: condition | output | yaml (read-only). What completion offers comes from the page's meta mews-vocabulary, or data-catalog. The textarea stays the form's field: each edit is written to it and fires `input`
// there, leaving the editor fires `change`; a value that somebody sets on the textarea, firing `input`, is taken over. Findings
// count UTF-8 bytes, as the engine does; `editor.setFindings([…])` replaces them. Tab leaves the editor.
import { EditorSelection, EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { catalogFrom } from "./catalog.js";
import { diagnostics } from "./findings.js";
import { setDiagnostics } from "@codemirror/lint";
import { setup } from "./setup.js";

class MewsEditor extends HTMLElement {
  static observedAttributes = ["data-findings"];

  connectedCallback() {
    this.textarea ??= this.querySelector("textarea");
    if (!this.textarea || this.view) return;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.replaceChildren();
    this.view = new EditorView({ root, parent: root, state: this.#state() });
    this.view.dom.style.setProperty("--mews-rows", this.textarea.rows); // not on the host: htmx copies its attributes, and the policy refuses styles
    this.textarea.tabIndex = -1; // hidden under the shadow root, which shows no slot
    this.#listen();
    this.#showFindings(this.dataset.findings);
    if (this.hasAttribute("autofocus") || this.textarea.autofocus) this.view.focus();
  }

  disconnectedCallback() {
    this.listening?.abort();
    this.view?.destroy();
    this.view = null;
  }

  attributeChangedCallback(name, before, now) {
    if (this.view && before !== now) this.#showFindings(now);
  }

  get value() {
    return this.view ? this.view.state.doc.toString() : this.textarea.value;
  }

  set value(text) {
    const { state } = this.view;
    if (state.doc.toString() === text) return;
    const at = Math.min(state.selection.main.head, text.length);
    this.view.dispatch({ changes: { from: 0, to: state.doc.length, insert: text }, selection: EditorSelection.cursor(at), userEvent: "input" });
  }

  // Findings: [{from, to, severity, message, code?}], byte offsets; severity error | warning | info.
  setFindings(findings) {
    this.view.dispatch(setDiagnostics(this.view.state, diagnostics(this.value, findings)));
  }

  // Puts the cursor at a byte offset and shows it.
  goTo(from, to = from) {
    const [found] = diagnostics(this.value, [{ from, to, severity: "info", message: "" }]);
    this.view.dispatch({ selection: { anchor: found.from, head: found.to }, scrollIntoView: true });
    this.view.focus();
  }

  focus() {
    this.view?.focus();
  }

  #state() {
    const mode = this.getAttribute("mode") ?? "condition";
    const fixed = this.textarea.readOnly || this.textarea.disabled || mode === "yaml";
    return EditorState.create({
      doc: this.textarea.value,
      extensions: setup({
        mode,
        fixed,
        attributes: this.#attributes(fixed),
        catalog: catalogFrom(this.dataset.catalog ?? document.querySelector('meta[name="mews-vocabulary"]')?.content),
        updated: (update) => this.#updated(update),
        left: () => this.#left(),
        submit: () => this.textarea.form?.requestSubmit(),
      }),
    });
  }

  // The textarea's name and description for screen readers; ids cannot reach into a shadow root, so words are copied.
  #attributes(fixed) {
    const { textarea } = this;
    const words = (element) => element?.textContent.trim().replace(/\s+/g, " ") ?? "";
    const label = textarea.getAttribute("aria-label") || this.getAttribute("label") || words(textarea.labels?.[0]) || textarea.name;
    const described = (textarea.getAttribute("aria-describedby") ?? "").split(/\s+/).filter(Boolean);
    const description = described.map((id) => words(document.getElementById(id))).filter(Boolean).join(" ");
    return {
      "aria-label": label,
      "aria-multiline": "true",
      autocapitalize: "off",
      autocorrect: "off",
      spellcheck: "false",
      ...(description && { "aria-description": description }),
      ...(textarea.getAttribute("aria-invalid") && { "aria-invalid": "true" }),
      tabindex: "0",
      ...(fixed && { "aria-readonly": "true" }),
    };
  }

  #updated(update) {
    const { textarea } = this;
    if (update.docChanged && textarea.value !== this.value) {
      textarea.value = this.value;
      this.changed = true;
      this.mine = true;
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
      this.mine = false;
    }
    if (update.selectionSet || update.docChanged) {
      const { from, to } = update.state.selection.main;
      textarea.setSelectionRange(from, to);
    }
  }

  #left() {
    if (!this.changed) return;
    this.changed = false;
    this.textarea.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #listen() {
    this.listening = new AbortController();
    const { signal } = this.listening;
    const { textarea } = this;
    textarea.addEventListener("input", () => { if (!this.mine) this.value = textarea.value; }, { signal });
    textarea.addEventListener("focus", () => this.view.focus(), { signal });
    for (const label of textarea.labels ?? []) {
      label.addEventListener("click", (event) => { event.preventDefault(); this.view.focus(); }, { signal });
    }
    textarea.form?.addEventListener("reset", () => setTimeout(() => { this.value = textarea.value; }), { signal });
  }

  #showFindings(text) {
    try {
      this.setFindings(JSON.parse(text || "[]"));
    } catch {
      this.setFindings([]);
    }
  }
}

customElements.define("mews-editor", MewsEditor);
