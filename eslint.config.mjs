import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["**/static/built/**", ".venv/**", "var/**", "node_modules/**", ".tools/**"] },
  {
    files: ["letterlock/**/*.ts"],
    extends: [eslint.configs.recommended, ...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // The strict policy of the pages forbids these; say so before the browser does.
      "no-eval": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Text goes in by textContent; markup comes from the server through htmx." },
        { property: "outerHTML", message: "Markup comes from the server through htmx." },
        { property: "insertAdjacentHTML", message: "Markup comes from the server through htmx." },
      ],
      complexity: ["error", 12],
      "max-lines": ["error", 150],
      "max-params": ["error", 5],
      // `() => this.save()` as a listener says what it does; braces would only add noise.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // An element the island's own markup promises is asserted by its type, in one word.
      "@typescript-eslint/non-nullable-type-assertion-style": "off",
      // A number in a sentence is a number; the strict preset wants String(…) around each.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Node's own test runner returns promises that it awaits itself.
      "@typescript-eslint/no-floating-promises": ["error", { allowForKnownSafeCalls: [{ from: "package", name: ["test", "describe", "it"], package: "node:test" }] }],
    },
  },
);
