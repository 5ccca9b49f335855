import type { ServerResponse } from "node:http";

/** A complete answer: no body when `body` is absent, and `text` as it is. */
export interface HttpAnswer {
  status: number;
  body?: unknown;
  text?: string;
  headers?: Readonly<Record<string, string>>;
}

/** Writes the head of an answer. Answers its body. */
const begin = (response: ServerResponse, answer: HttpAnswer, headers: HttpAnswer["headers"]): Buffer => {
  const text = answer.text ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
  const type = answer.text === undefined ? "application/json; charset=utf-8" : "text/plain; charset=utf-8";
  const bytes = Buffer.from(text);
  if (bytes.length > 0) response.setHeader("content-type", type);
  if (answer.status !== 204) response.setHeader("content-length", bytes.length);
  for (const [name, value] of Object.entries({ ...headers, ...answer.headers })) response.setHeader(name, value);
  response.writeHead(answer.status);
  return bytes;
};

/**
 * Sends an answer.
 * @param headers - What the head of every answer says.
 */
export function send(response: ServerResponse, answer: HttpAnswer, headers: HttpAnswer["headers"] = {}): void {
  response.end(begin(response, answer, headers));
}

/**
 * Sends the first half of an answer's body, and hands the other one on once the first is on its way. Of an answer too short for
 * two halves nothing is sent: where it breaks off or stalls is in its head.
 */
export function sendHalf(
  response: ServerResponse,
  answer: HttpAnswer,
  headers: HttpAnswer["headers"],
  then: (rest: Buffer) => void,
): void {
  const bytes = begin(response, answer, headers);
  const half = Math.floor(bytes.length / 2);
  if (half === 0) then(bytes);
  else response.write(bytes.subarray(0, half), () => then(bytes.subarray(half)));
}
