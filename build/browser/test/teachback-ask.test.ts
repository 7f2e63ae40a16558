import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, NotGraded } from "../src/teachback/ask.js";

const TASK = { criteria: [{ id: "a", points: 10 }], ideas: [] };
const QUESTION = { course: "c", lesson: "l", rubric_sha: "0", answer: "It is so." };
const GRADE = {
  score: 10,
  out_of: 10,
  criteria: [{ id: "a", verdict: "met", quote: "It is so", feedback: "" }],
  misconceptions: [],
  next_step: "",
  graded_by: { kind: "model", name: "m", note: "" },
};
const never = new AbortController().signal;

type Fetch = typeof globalThis.fetch;
type Given = { url: string; init: RequestInit };

/** A fetch that answers with this, and what it was called with. */
function answering(body: BodyInit, init: ResponseInit & { type?: string } = {}) {
  const given: Given[] = [];
  const headers = { "content-type": init.type ?? "application/json", ...init.headers };
  const fetch = (async (url: string, call: RequestInit) => {
    given.push({ url, init: call });
    return new Response(body, { ...init, headers });
  }) as unknown as Fetch;
  return { fetch, given };
}

/** A fetch that answers when it is aborted only. */
const hanging = ((_: string, { signal }: RequestInit) =>
  new Promise((_, reject) =>
    signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError"))),
  )) as unknown as Fetch;

async function why(fetch: Fetch, patience?: number): Promise<string> {
  const terms =
    patience === undefined ? { signal: never, fetch } : { signal: never, fetch, patience };
  const error = await ask("https://a.org/v1/grade", QUESTION, TASK, terms).then(
    () => assert.fail("it graded"),
    (error: unknown) => error,
  );
  assert.ok(error instanceof NotGraded, String(error));
  return error.message;
}

const problem = (status: number, code: string, headers = {}) =>
  answering(JSON.stringify({ code, title: "<b>x</b>", status }), {
    status,
    headers,
    type: "application/problem+json",
  }).fetch;

test("the question goes out as JSON, with no cookies, no referrer and no redirects", async () => {
  const { fetch, given } = answering(JSON.stringify(GRADE));
  const grade = await ask("https://a.org/v1/grade", QUESTION, TASK, { signal: never, fetch });
  assert.equal(grade.score, 10);
  const [{ url, init }] = given as [Given];
  assert.equal(url, "https://a.org/v1/grade");
  assert.deepEqual(JSON.parse(String(init.body)), QUESTION);
  assert.deepEqual(
    [init.method, init.credentials, init.referrerPolicy, init.redirect, init.cache],
    ["POST", "omit", "no-referrer", "error", "no-store"],
  );
  assert.equal(new Headers(init.headers).get("content-type"), "application/json");
});

test("each refusal is told in our words", async () => {
  assert.equal(await why(problem(404, "unknown_lesson")), "does not know this lesson");
  assert.equal(await why(problem(409, "stale_rubric")), "has another version of this lesson");
  assert.equal(await why(problem(403, "origin_not_allowed")), "does not answer this site");
  assert.equal(await why(problem(503, "budget_spent")), "has spent what it may spend for now");
  assert.equal(await why(problem(503, "overloaded")), "has too much to do at the moment");
  assert.equal(await why(problem(413, "too_large")), "found the text too long");
  assert.equal(await why(problem(418, "toString")), "answered with an error (418)");
  assert.equal(
    await why(answering("<h1>", { status: 502, type: "text/html" }).fetch),
    "answered with an error (502)",
  );
});

test("a limit on questions says when to come back, if the service does", async () => {
  const limited = (wait: string) => why(problem(429, "rate_limited", { "retry-after": wait }));
  assert.match(await limited("20"), /\(try again in 20 s\)$/);
  assert.match(await limited("600"), /\(try again in 10 min\)$/);
  assert.match(await limited("Wed, 21 Oct 2026 07:28:00 GMT"), /short time$/);
});

test("an answer that is no grade is none, whatever it says of itself", async () => {
  const senseless = "gave an answer that makes no sense";
  const large = JSON.stringify({ ...GRADE, padding: "x".repeat(70_000) });
  assert.equal(await why(answering("{}").fetch), senseless);
  assert.equal(await why(answering("{").fetch), senseless);
  assert.equal(await why(answering(large).fetch), senseless);
  assert.equal(await why(answering(JSON.stringify(GRADE), { type: "text/html" }).fetch), senseless);
});

test("a service that cannot be reached, or is silent for too long, is left", async () => {
  const unreachable = (async () => {
    throw new TypeError("Failed to fetch");
  }) as unknown as Fetch;
  assert.equal(await why(unreachable), "could not be reached");
  assert.equal(await why(hanging, 10), "did not answer within 0.01 seconds");
});

test("whoever asked can end it, also before it began", async () => {
  for (const early of [true, false]) {
    const ending = new AbortController();
    if (early) ending.abort();
    const asked = ask("https://a.org/", QUESTION, TASK, { signal: ending.signal, fetch: hanging });
    ending.abort();
    await assert.rejects(asked, { name: "AbortError" });
  }
});
