/** Lines of code that went wrong: an edge beside them, and their number bold. */

import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, gutterLineClass, GutterMarker } from "@codemirror/view";

/** The lines to be marked, counted from 1. */
export const setMarks = StateEffect.define<number[]>();

const line = Decoration.line({ class: "cw-wrong" });
const number = new (class extends GutterMarker {
  override elementClass = "cw-wrong";
})();

/** Where the marked lines begin. They move with the text. */
const places = StateField.define<number[]>({
  create: () => [],
  update(found, { changes, effects, newDoc }) {
    const moved = found.map((place) => newDoc.lineAt(changes.mapPos(place)).from);
    const set = effects.find((effect) => effect.is(setMarks));
    if (!set) return moved;
    const inside = (set.value as number[]).filter((at) => at >= 1 && at <= newDoc.lines);
    return [...new Set(inside)].sort((a, b) => a - b).map((at) => newDoc.line(at).from);
  },
  provide: (field) => [
    EditorView.decorations.from(field, (found) =>
      Decoration.set(found.map((place) => line.range(place))),
    ),
    gutterLineClass.from(field, (found) => RangeSet.of(found.map((place) => number.range(place)))),
  ],
});

export const marked = places;
