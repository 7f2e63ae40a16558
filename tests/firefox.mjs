/**
 * A Firefox that is installed on this machine, driven over WebDriver BiDi: `node firefox.mjs PROGRAM`.
 *
 * Each line of its input is `[act, ...words]` as JSON, each line of its output `{"value": …}` or
 * `{"error": …}`. It ends, with the browser, where its input ends.
 */

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { launch } = createRequire(new URL("../build/browser/package.json", import.meta.url))(
  "puppeteer-core",
).default;

const [executablePath] = process.argv.slice(2);
const browser = await launch({ browser: "firefox", executablePath, headless: true });
const page = await browser.newPage();
await page.setViewport({ width: 1100, height: 900 });
const complaints = [];
page.on("pageerror", (error) => complaints.push(String(error)));
page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));

const acts = {
  open: async (address) => void (await page.goto(address)),
  evaluate: (code) => page.evaluate(code),
  click: async (selector) => void (await page.click(selector)),
  focus: async (selector) => void (await page.focus(selector)),
  press: async (key) => void (await page.keyboard.press(key)),
  type: async (text) => void (await page.keyboard.type(text)),
  complaints: async () => complaints,
};

for await (const line of createInterface({ input: process.stdin })) {
  const [act, ...words] = JSON.parse(line);
  const told = await acts[act](...words).then(
    (value) => ({ value: value ?? null }),
    (error) => ({ error: String(error?.stack ?? error) }),
  );
  console.log(JSON.stringify(told));
}
await browser.close();
