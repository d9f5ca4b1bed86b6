export default {
  extends: "stylelint-config-standard",
  ignoreFiles: ["**/static/built/**"],
  rules: {
    // block__element--modifier, in kebab case.
    "selector-class-pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*(__[a-z0-9]+(-[a-z0-9]+)*)?(--[a-z0-9]+(-[a-z0-9]+)*)?$",
    // Short rules stay on a line: the tokens and small parts read as a table.
    "declaration-block-single-line-max-declarations": null,
    // Components are read from top to bottom; states of one stand together even where another's are weaker.
    "no-descending-specificity": null,
    "custom-property-empty-line-before": null,
    "rule-empty-line-before": null,
    "comment-empty-line-before": null,
    "at-rule-empty-line-before": null,
    // `max-width` is read by more people than `width <=`, and by older browsers.
    "media-feature-range-notation": null,
  },
};
