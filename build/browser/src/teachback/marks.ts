/** Where a learner's words stand in their text, and the text in pieces that are marked or not. Pure. */

export interface Quote {
  text: string;
  /** What the place is called: the number of a criterion, the letter of a wrong idea. */
  mark: string;
}

export interface Piece {
  text: string;
  marks: string[];
  /** The marks whose quote ends here. */
  ends: string[];
}

interface Span {
  start: number;
  end: number;
  mark: string;
}

const SPACE = /\s/;
const QUOTATION: Record<string, string> = { "‘": "'", "’": "'", "“": '"', "”": '"' };

/** The text cut where a quote begins or ends. Quotes may overlap; one that is nowhere marks nothing. */
export function pieces(answer: string, quotes: Quote[]): Piece[] {
  const spans = quotes.flatMap(({ text, mark }): Span[] => {
    const found = place(answer, text);
    return found ? [{ ...found, mark }] : [];
  });
  const cuts = new Set([0, answer.length, ...spans.flatMap(({ start, end }) => [start, end])]);
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.slice(1).map((end, i) => {
    const start = sorted[i]!;
    const around = spans.filter((span) => span.start <= start && span.end >= end);
    return {
      text: answer.slice(start, end),
      marks: around.map(({ mark }) => mark),
      ends: around.filter((span) => span.end === end).map(({ mark }) => mark),
    };
  });
}

/** The first place of a quote: as it stands, else but for spaces, capitals and quotation marks. */
export function place(answer: string, quote: string): { start: number; end: number } | null {
  const wanted = folded(quote.trim()).text.trim();
  if (!wanted) return null;
  const exact = answer.indexOf(quote.trim());
  if (exact >= 0) return { start: exact, end: exact + quote.trim().length };
  const { text, from } = folded(answer);
  const at = text.indexOf(wanted);
  if (at < 0) return null;
  return {
    start: from[at]!,
    end: from[at + wanted.length - 1]! + widthAt(answer, from, at, wanted),
  };
}

/** The text in one spelling, and for each of its characters where it came from. */
function folded(text: string): { text: string; from: number[] } {
  let made = "";
  const from: number[] = [];
  let index = 0;
  for (const character of text) {
    const space = SPACE.test(character);
    const plain = space ? " " : (QUOTATION[character] ?? character).normalize("NFKC").toLowerCase();
    if (!space || !made.endsWith(" ")) {
      made += plain;
      for (let i = 0; i < plain.length; i++) from.push(index);
    }
    index += character.length;
  }
  return { text: made, from };
}

/** How long the last character of a quote is in the answer: one beyond the 16 bits is two. */
function widthAt(answer: string, from: number[], at: number, wanted: string): number {
  const last = from[at + wanted.length - 1]!;
  return String.fromCodePoint(answer.codePointAt(last)!).length;
}
