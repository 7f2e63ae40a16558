import assert from "node:assert/strict";
import { test } from "node:test";
import { band, parseGrade, scoreOf, type Verdict } from "../src/teachback/grade.js";
import { madeBy, without } from "../src/teachback/result.js";

const CRITERIA = [
  { id: "a", points: 4 },
  { id: "b", points: 3 },
  { id: "c", points: 3 },
];
const TASK = { criteria: CRITERIA, ideas: ["wrong", "worse"] };

const judged = (...verdicts: Verdict[]) =>
  verdicts.map((verdict, i) => ({ id: CRITERIA[i]!.id, verdict, quote: "", feedback: "" }));

const good = () => ({
  score: 5,
  out_of: 10,
  criteria: judged("met", "partly", "missed"),
  misconceptions: [{ id: "wrong", quote: "it is" }],
  next_step: "Say b.",
  graded_by: { kind: "model", name: "m", note: "" },
});

test("half points for partly, halves round up, and a point off for each wrong idea up to three", () => {
  assert.equal(scoreOf(CRITERIA, judged("met", "met", "met"), 0), 10);
  assert.equal(scoreOf(CRITERIA, judged("met", "partly", "missed"), 0), 6); // 5.5
  assert.equal(scoreOf(CRITERIA, judged("met", "cannot_assess", "missed"), 0), 4);
  assert.equal(scoreOf(CRITERIA, judged("met", "met", "met"), 5), 7);
  assert.equal(scoreOf(CRITERIA, judged("missed", "partly", "missed"), 3), 0);
  assert.equal(scoreOf([], [], 0), 0);
  assert.equal(scoreOf([{ id: "a", points: 3 }], judged("partly"), 0), 5); // of any total
});

test("a band says how good it is before any number does", () => {
  assert.deepEqual([0, 4, 5, 7, 8, 10].map(band), [
    "Not yet",
    "Not yet",
    "Nearly there",
    "Nearly there",
    "Solid",
    "Solid",
  ]);
});

test("a grade is read whole, its criteria in the page's order", () => {
  const grade = parseGrade({ ...good(), criteria: good().criteria.reverse() }, TASK);
  assert.deepEqual(
    grade?.criteria.map(({ id }) => id),
    ["a", "b", "c"],
  );
  assert.deepEqual([grade?.score, grade?.nextStep, grade?.by.name], [5, "Say b.", "m"]);
});

test("anything in it that is not as it should be makes it none", () => {
  const [first, second, third] = good().criteria;
  const wrong: object[] = [
    { score: 6 }, // it does not follow
    { score: "5" },
    { score: 5.5 },
    { out_of: 100 },
    { criteria: [first, second] },
    { criteria: [first, second, second] },
    { criteria: [first, second, third, third] },
    { criteria: [first, second, { ...third, id: "d" }] },
    { criteria: [first, second, { ...third, verdict: "perfect" }] },
    { criteria: [first, second, { ...third, verdict: "toString" }] },
    { criteria: [first, second, { ...third, quote: null }] },
    { criteria: [first, second, { ...third, quote: "x".repeat(4001) }] },
    { criteria: [first, second, { ...third, feedback: "x".repeat(2001) }] },
    { criteria: "all" },
    { misconceptions: [{ id: "new", quote: "" }] },
    { misconceptions: [{ id: "wrong" }] },
    { misconceptions: null },
    { next_step: ["a"] },
    { graded_by: { kind: "self", name: "", note: "" } },
    { graded_by: { kind: "model", name: "x".repeat(121), note: "" } },
    { graded_by: "me" },
  ];
  for (const change of wrong) {
    assert.equal(parseGrade({ ...good(), ...change }, TASK), null, JSON.stringify(change));
  }
  const twice = [good().misconceptions[0], good().misconceptions[0]];
  assert.equal(parseGrade({ ...good(), score: 4, misconceptions: twice }, TASK), null);
  for (const none of [null, undefined, [], "grade", 7]) assert.equal(parseGrade(none, TASK), null);
});

test("who graded is said with what that is worth", () => {
  const model = madeBy({ kind: "model", name: "gpt", note: "" });
  assert.equal(model, "Graded by gpt; AI can be wrong: compare with the model answer.");
  assert.match(madeBy({ kind: "checklist", name: "", note: "" }), /checklist estimate, not an AI/);
  assert.match(madeBy({ kind: "self", name: "", note: "" }), /yourself/);
});

test("feedback does not say again what stands above it", () => {
  assert.equal(without("Not found yet: It is so.", "It is so."), "Not found yet.");
  assert.equal(without("Say how.", "It is so."), "Say how.");
  assert.equal(without("It is so.", "It is so."), "");
  assert.equal(without("Say how.", ""), "Say how.");
});
