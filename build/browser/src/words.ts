/** What a demo's status line says. Split in two: the phase is announced, numbers are only shown. */

import type { Status } from "./runtime.js";
import { duration, megabytes, say } from "./say.js";

export interface Words {
  said: string;
  shown: string;
}

export function describe(status: Status): Words {
  switch (status.phase) {
    case "idle":
      return { said: "", shown: "" };
    case "downloading": {
      const { loaded, total } = status;
      const counts = { loaded: megabytes(loaded), total: megabytes(total) };
      return { said: say("python.loading"), shown: total > 0 ? say("python.loaded", counts) : "" };
    }
    case "starting":
      return { said: say("python.starting"), shown: "" };
    case "packages":
      return { said: say("python.packages"), shown: "" };
    case "ready":
      return {
        said: say(status.check === "size" ? "python.ready-unchecked" : "python.ready"),
        shown: "",
      };
    case "failed":
      if (status.offline) return { said: say("python.offline"), shown: "" };
      return { said: say("python.failed", { why: status.message }), shown: "" };
  }
}

/** Before anything is loaded; `bytes` is what a move of a control, say, would load. */
export const invitation = (bytes: number, first: "move" | "play" | "cell" | "checks" | "link") =>
  say(`python.loads-at-${first}`, { megabytes: megabytes(bytes) });

export const answered = (milliseconds: number) =>
  say("python.answered", { time: duration(milliseconds) });
