import { type Fields, fieldsOf, integer, requiredText } from "../../simulator/fields";
import { refuse } from "../../simulator/refusal";
import type { PolicyRule } from "./records";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A path segment or field that must be a UUID. */
export function uuid(value: unknown, name: string): string {
  if (typeof value !== "string" || !UUID.test(value)) throw refuse(400, `${name} is not a valid UUID`);
  return value.toLowerCase();
}

const numbers = (schedule: Fields, name: string, low: number, high: number): number[] => {
  const list = schedule[name] ?? [];
  if (!Array.isArray(list)) throw refuse(400, `schedule.${name} must be a list of integers`);
  return list.map((value: unknown) => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < low || value > high) {
      throw refuse(400, `schedule.${name} must be a list of integers from ${low} to ${high}`);
    }
    return value;
  });
};

const policyRule = (value: unknown): PolicyRule => {
  const fields = fieldsOf(value);
  const schedule = fieldsOf(fields["schedule"]);
  const minutes = numbers(schedule, "minutes", 0, 59);
  if (minutes.length === 0) throw refuse(400, "schedule.minutes needs at least one minute");
  const copies = integer(fields, "copies");
  if (copies < 1) throw refuse(400, "copies must be at least 1");
  return {
    copies,
    prefix: requiredText(fields, "prefix"),
    schedule: {
      minutes,
      hours: numbers(schedule, "hours", 0, 23),
      days: numbers(schedule, "days", 1, 31),
      months: numbers(schedule, "months", 1, 12),
      weekdays: numbers(schedule, "weekdays", 0, 6),
    },
  };
};

/** The rules of a snapshot policy. */
export function policyRules(fields: Fields): PolicyRule[] {
  const rules = fields["rules"] ?? undefined;
  if (rules === undefined) throw refuse(400, "rules is missing");
  if (!Array.isArray(rules)) throw refuse(400, "rules must be a list");
  return rules.map(policyRule);
}

/** Read-only fields of all models: ignored in bodies, or refused when the simulator is told so. */
export function refuseReadOnly(fields: Fields, names: readonly string[]): void {
  const found = names.find((name) => fields[name] !== undefined);
  if (found !== undefined) throw refuse(400, `${found} is read-only`);
}
