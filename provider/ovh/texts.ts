import type { Operation } from "../core/lifecycle";
import type { Texts } from "./client";
import { keepingMark, withoutMark } from "./marks";

/** The texts to send; one that stays as it is is not there. */
export interface ChangedTexts {
  name?: string;
  description?: string;
}

/** As they are sent: the mark in a description stays. */
export const markedTexts = (texts: ChangedTexts, live: { description?: string | null | undefined }): ChangedTexts =>
  texts.description === undefined ? texts : { ...texts, description: keepingMark(texts.description, live.description) };

/** Only the texts that the service has otherwise. A description that the program took out is cleared by an empty one. */
export function changedTexts(
  live: { name?: string | null | undefined; description?: string | null | undefined },
  wanted: Texts,
  { dropped, untouched }: Pick<Operation, "dropped" | "untouched">,
): ChangedTexts | undefined {
  const asked = (key: "name" | "description") => (untouched.includes(key) ? undefined : wanted[key]);
  const name = asked("name");
  const description = dropped.includes("description") ? "" : asked("description");
  const texts: ChangedTexts = {};
  if (name !== undefined && name !== live.name) texts.name = name;
  if (description !== undefined && description !== withoutMark(live.description)) texts.description = description;
  return Object.keys(texts).length > 0 ? texts : undefined;
}
