/** What a demo's status line says. Split in two: the phase is announced, numbers are only shown. */

import type { Status } from "./runtime.js";

export interface Words {
  said: string;
  shown: string;
}

export const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

export function describe(status: Status): Words {
  switch (status.phase) {
    case "idle":
      return { said: "", shown: "" };
    case "downloading": {
      const { loaded, total } = status;
      const counted = `: ${megabytes(loaded)} of ${megabytes(total)} MB`;
      return { said: "Loading Python", shown: total > 0 ? counted : "" };
    }
    case "starting":
      return { said: "Starting Python", shown: "" };
    case "packages":
      return { said: "Loading packages", shown: "" };
    case "ready":
      return { said: status.check === "size" ? unverified : "Ready", shown: "" };
    case "failed":
      if (status.offline) return { said: "No connection: Python did not load", shown: "" };
      return { said: `Python did not load: ${status.message}`, shown: "" };
  }
}

/** Before anything is loaded; `bytes` is what a move of a control would load. */
export const invitation = (bytes: number, first = "move a control") =>
  `Python loads when you ${first} (${megabytes(bytes)} MB)`;

/** Where no Python is needed. */
export const BAKED = "Computed when this page was built";

const unverified = "Ready (files checked by size only: this page is not on https)";

export function answered(milliseconds: number): string {
  const rounded = Math.max(1, Math.round(milliseconds));
  const took = rounded < 1000 ? `${rounded} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
  return `, answered in ${took}`;
}
