/** How code looks in CodeMirror: in the page's own colours and type, whichever scheme it has. */

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colored = (name: string) => ({ color: `var(--md-code-hl-${name}-color)` });

const highlighting = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.self], ...colored("keyword") },
  { tag: [tags.string, tags.special(tags.string)], ...colored("string") },
  { tag: tags.number, ...colored("number") },
  { tag: [tags.bool, tags.null], ...colored("constant") },
  { tag: tags.function(tags.definition(tags.variableName)), ...colored("function") },
  { tag: tags.definition(tags.className), ...colored("function") },
  { tag: tags.comment, ...colored("comment") },
  { tag: [tags.operator, tags.arithmeticOperator], ...colored("operator") },
  { tag: tags.punctuation, ...colored("punctuation") },
]);

const theme = EditorView.theme({
  "&": {
    color: "var(--cw-ink)",
    backgroundColor: "var(--cw-tint)",
    border: "1px solid var(--cw-edge)",
    borderRadius: "0.35rem",
    fontSize: "0.68rem",
  },
  "&.cm-focused": { outline: "3px solid var(--cw-focus)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--cw-mono)", lineHeight: "1.55", maxHeight: "48em" },
  ".cm-content": { padding: "0.6rem 0", minHeight: "2rem", caretColor: "var(--cw-ink)" },
  ".cm-line": { padding: "0 0.6rem 0 0.4rem" },
  ".cm-gutters": {
    color: "var(--cw-soft)",
    backgroundColor: "var(--cw-tint)",
    border: "0",
    fontVariantNumeric: "tabular-nums",
  },
  ".cm-lineNumbers .cm-gutterElement": {
    minWidth: "1.6em",
    padding: "0 0.3em 0 0.4em",
    borderRight: "3px solid transparent",
  },
  ".cm-line.cw-wrong": {
    backgroundColor: "color-mix(in srgb, var(--cw-loss) 12%, transparent)",
  },
  ".cm-lineNumbers .cm-gutterElement.cw-wrong": {
    color: "var(--cw-loss)",
    borderRightColor: "var(--cw-loss)",
    fontWeight: "700",
  },
  "&.cm-focused .cm-matchingBracket, &.cm-focused .cm-nonmatchingBracket": {
    backgroundColor: "transparent",
    outline: "1px solid var(--cw-edge)",
  },
  // A transparent edge shows in forced colours: there only a wrong line may have one.
  "@media (forced-colors: active)": {
    ".cm-lineNumbers .cm-gutterElement:not(.cw-wrong)": { borderRightColor: "Canvas" },
  },
});

export const looks = [theme, syntaxHighlighting(highlighting)];
