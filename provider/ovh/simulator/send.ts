import type { ServerResponse } from "node:http";
import type { HttpAnswer } from "./dispatch";

/** What the head of every answer says: the call's number, and the simulator's time. */
export interface Stamp {
  id: string;
  now: number;
}

/** Writes the head of an answer. Answers its body. */
const begin = (response: ServerResponse, answer: HttpAnswer, { id, now }: Stamp): Buffer => {
  const text = answer.text ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
  const type = answer.text === undefined ? "application/json; charset=utf-8" : "text/plain; charset=utf-8";
  const bytes = Buffer.from(text);
  if (bytes.length > 0) response.setHeader("content-type", type);
  if (answer.status !== 204) response.setHeader("content-length", bytes.length);
  response.setHeader("x-ovh-queryid", id);
  response.setHeader("date", new Date(now).toUTCString());
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  response.writeHead(answer.status);
  return bytes;
};

/** Sends an answer. */
export function send(response: ServerResponse, answer: HttpAnswer, stamp: Stamp): void {
  response.end(begin(response, answer, stamp));
}

/**
 * Sends the first half of an answer's body, and hands the other one on once the first is on its way. Of an answer too short for
 * two halves nothing is sent: where it breaks off or stalls is in its head.
 */
export function sendHalf(
  response: ServerResponse,
  answer: HttpAnswer,
  stamp: Stamp,
  then: (rest: Buffer) => void,
): void {
  const bytes = begin(response, answer, stamp);
  const half = Math.floor(bytes.length / 2);
  if (half === 0) then(bytes);
  else response.write(bytes.subarray(0, half), () => then(bytes.subarray(half)));
}
