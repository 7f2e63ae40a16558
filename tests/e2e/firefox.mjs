/**
 * Opens a page in a Firefox that is installed on this machine, over WebDriver BiDi, waits until
 * its check is done, and prints the report: `node firefox.mjs PROGRAM ADDRESS`.
 */

import { createRequire } from "node:module";

const { launch } = createRequire(new URL("../../build/browser/package.json", import.meta.url))(
  "puppeteer-core",
).default;

const [executablePath, address] = process.argv.slice(2);
const browser = await launch({ browser: "firefox", executablePath, headless: true });
try {
  const page = await browser.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
  await page.goto(address);
  // Polling from outside: the page's policy forbids the driver's own way of waiting.
  const read = () => {
    const check = document.querySelector("cw-check");
    return check.dataset.done ? check.querySelector(".cw-check-json").textContent : null;
  };
  const until = Date.now() + 120_000;
  let report;
  while (!(report = await page.evaluate(read)) && Date.now() < until)
    await new Promise((resume) => setTimeout(resume, 250));
  const steps = () => document.querySelector("cw-check").innerText;
  if (!report) throw new Error(`the check did not end: ${await page.evaluate(steps)}`);
  console.log(JSON.stringify({ report: JSON.parse(report), complaints }));
} finally {
  await browser.close();
}
