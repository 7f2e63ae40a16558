/**
 * The whole script inside the sandboxed frame. Text is the source of a worker to start, null ends
 * it, all else is passed on, both ways.
 * It is constant, so that the CSP can name it by its hash. Only the page above it is listened to.
 */

let worker: Worker | undefined;

addEventListener("message", ({ source, data }) => {
  if (source !== parent) return;
  if (data === null) return worker?.terminate();
  if (typeof data !== "string") return worker?.postMessage(data);
  const url = URL.createObjectURL(new Blob([data], { type: "text/javascript" }));
  worker = new Worker(url);
  worker.onmessage = (event) => parent.postMessage(event.data, "*");
  worker.onerror = (event) => {
    parent.postMessage({ kind: "fatal", message: event.message || "the worker stopped" }, "*");
  };
});

parent.postMessage({ kind: "hello" }, "*");

export {};
