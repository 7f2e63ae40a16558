import assert from "node:assert/strict";
import { test } from "node:test";
import { Catalogue, duration, megabytes, say } from "../src/say.js";

const german = new Catalogue("de", {
  "quiz.order": "Noch nicht: {placed} von {of} sind am Platz.",
  "cards.due": { one: "{count} Karte ist fällig", other: "{count} Karten sind fällig" },
  "stream.picture": { one: "{count} Bild", other: "{count} Bilder" },
});
const polish = new Catalogue("pl", {
  "cards.due": { one: "{count} karta", few: "{count} karty", many: "{count} kart", other: "?" },
});

test("without a page's own words it is English, with its values put in", () => {
  assert.equal(say("quiz.order", { placed: 2, of: 3 }), "Not yet: 2 of 3 are in their place.");
});

test("a count chooses the form of the words", () => {
  assert.equal(say("cards.due", { count: 1 }), "1 card is due");
  assert.equal(say("cards.due", { count: 4 }), "4 cards are due");
});

test("a language has the plural forms of its own", () => {
  const said = [1, 3, 5, 22].map((count) => polish.say("cards.due", { count }));
  assert.deepEqual(said, ["1 karta", "3 karty", "5 kart", "22 karty"]);
});

test("a translation may count where English does not", () => {
  assert.equal(german.say("stream.picture", { count: 1 }), "1 Bild");
  assert.equal(german.say("stream.picture", { count: 2 }), "2 Bilder");
});

test("what is not translated stays English, in its own plural forms", () => {
  assert.equal(german.say("quiz.right"), "Right.");
  assert.equal(polish.say("teach.more", { count: 1 }), "1 point more");
  assert.equal(polish.say("teach.more", { count: 3 }), "3 points more");
});

test("numbers are written as the language writes them, in English as before", () => {
  assert.equal(say("teach.points", { earned: 1.5, of: 12000 }), "1.5 of 12000");
  assert.equal(german.say("teach.points", { earned: 1.5, of: 12000 }), "1,5 of 12000");
  assert.equal(german.decimal(10.24, 1), "10,2");
  assert.equal(german.grouped(4000), "4.000");
  assert.equal(megabytes(1_234_567_890), "1234.6");
  assert.deepEqual([0.2, 41.6, 2345].map(duration), ["1 ms", "42 ms", "2.3 s"]);
});

test("a value may be a part of the page, which keeps its place among the words", () => {
  const link = { node: true } as unknown as Node;
  assert.deepEqual(new Catalogue().pieces("exercise.gives", { call: link, value: "2" }), [
    link,
    " gives ",
    "2",
  ]);
});

test("a value is put in as it is, whatever it holds", () => {
  assert.equal(say("keep.named", { name: "{name} $& <b>" }), "kept: {name} $& <b>");
});

test("the words of a group are there for who speaks elsewhere", () => {
  const words = new Catalogue("de", { "checklist.met": "Gefunden", "quiz.right": "Richtig." });
  assert.deepEqual(words.ownOf("checklist"), { "checklist.met": "Gefunden" });
  assert.equal(german.ownOf("checklist"), null);
});
