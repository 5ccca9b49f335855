import { randomBytes, randomInt } from "node:crypto";
import { choice, type Fields, fieldsOf, optionalBoolean, optionalText, requiredText } from "../../simulator/fields";
import { refuse } from "../../simulator/refusal";
import { begin } from "./progress";
import type { AdministrationRecord, ContactsRecord, ServiceRecord } from "./records";
import type { World } from "./world";

/** For how many months a service can be renewed (our assumption: it is sold by the month). */
export const RENEW_PERIODS: readonly number[] = [1];

/** How long the token of a termination works (OVHcloud guide for another product: 72 hours). */
const TOKEN_LIFE_MS = 72 * 3_600_000;

const CONTACTS = ["contactAdmin", "contactBilling", "contactTech"] as const;

const REASONS = [
  "FEATURES_DONT_SUIT_ME",
  "LACK_OF_PERFORMANCES",
  "MIGRATED_TO_ANOTHER_OVH_PRODUCT",
  "MIGRATED_TO_COMPETITOR",
  "NOT_ENOUGH_RECOGNITION",
  "NOT_NEEDED_ANYMORE",
  "NOT_RELIABLE",
  "NO_ANSWER",
  "OTHER",
  "PRODUCT_DIMENSION_DONT_SUIT_ME",
  "PRODUCT_TOOLS_DONT_SUIT_ME",
  "TOO_EXPENSIVE",
  "TOO_HARD_TO_USE",
  "UNSATIFIED_BY_CUSTOMER_SUPPORT", // the published spelling
];

const FUTURE_USES = [
  "NOT_REPLACING_SERVICE",
  "OTHER",
  "SUBSCRIBE_AN_OTHER_SERVICE",
  "SUBSCRIBE_OTHER_KIND_OF_SERVICE_WITH_COMPETITOR",
  "SUBSCRIBE_SIMILAR_SERVICE_WITH_COMPETITOR",
];

/** The administration of a new service: one account holds all contacts, and it is renewed every month. */
export const newAdministration = (): AdministrationRecord => ({
  number: randomInt(100_000_000, 999_999_999),
  contacts: { contactAdmin: "simulated-ovh", contactBilling: "simulated-ovh", contactTech: "simulated-ovh" },
  contactTasks: [],
  tags: {},
  renew: { automatic: true, deleteAtExpiration: false, forced: false, manualPayment: false, period: 1 },
  termination: null,
});

/**
 * Starts one task for each contact that shall change. Nothing changes until both sides have agreed by mail (see
 * `model.acceptContactChanges`). Answers the numbers of the tasks.
 */
export function changeContacts(world: World, service: ServiceRecord, fields: Fields): number[] {
  const { administration } = service;
  const wanted = CONTACTS.flatMap((contact) => {
    const to = optionalText(fields, contact);
    return to === undefined || to === "" ? [] : [{ contact, to }];
  });
  // that a call without any contact is refused is our assumption
  if (wanted.length === 0) throw refuse(400, `Give at least one of ${CONTACTS.join(", ")}`);
  const tasks = wanted.map((change) => ({ ...change, id: randomInt(100_000_000, 999_999_999) }));
  administration.contactTasks.push(...tasks);
  world.commit();
  return tasks.map((task) => task.id);
}

/** Carries out the contact changes that wait. */
export function acceptContactChanges({ administration }: ServiceRecord): void {
  const contacts: ContactsRecord = administration.contacts;
  for (const { contact, to } of administration.contactTasks) contacts[contact] = to;
  administration.contactTasks = [];
}

/** Sets how the service is renewed. Members that are missing stay as they are (our assumption). */
export function updateRenewal(world: World, service: ServiceRecord, fields: Fields): void {
  const change = fields["renew"] ?? undefined;
  if (change === undefined) return;
  const given = fieldsOf(change);
  const { renew } = service.administration;
  const period = given["period"] ?? undefined;
  const months = period === undefined ? renew.period : RENEW_PERIODS.find((possible) => possible === period);
  if (months === undefined) {
    throw refuse(400, `renew.period must be one of ${RENEW_PERIODS.join(", ")}, as possibleRenewPeriod says`);
  }
  service.administration.renew = {
    automatic: optionalBoolean(given, "automatic") ?? renew.automatic,
    deleteAtExpiration: optionalBoolean(given, "deleteAtExpiration") ?? renew.deleteAtExpiration,
    forced: optionalBoolean(given, "forced") ?? renew.forced,
    manualPayment: optionalBoolean(given, "manualPayment") ?? renew.manualPayment,
    period: months,
  };
  world.commit();
}

/** Sends a token by mail, that is, puts it where `model.services` shows it. A second call replaces the first token. */
export function terminate(world: World, { administration }: ServiceRecord): string {
  administration.termination = { token: randomBytes(16).toString("hex"), issuedAt: world.now() };
  world.commit();
  // the text is our assumption
  return "A mail with the token that confirms the termination was sent to the administrative contact";
}

/**
 * Ends the service with everything on it; its content does not forbid that (Terraform provider: terminate and confirm). That it
 * ends at once and not when its month is over is our assumption.
 */
export function confirmTermination(world: World, service: ServiceRecord, fields: Fields): string {
  const token = requiredText(fields, "token");
  for (const [name, values] of [
    ["reason", REASONS],
    ["futureUse", FUTURE_USES],
  ] as const) {
    if ((fields[name] ?? undefined) !== undefined) choice(fields, name, values);
  }
  for (const name of ["commentary", "commentaryReason", "commentaryFutureUse"]) optionalText(fields, name, Infinity);
  const { administration } = service;
  const { termination } = administration;
  if (termination?.token !== token || world.now() >= termination.issuedAt + TOKEN_LIFE_MS) {
    throw refuse(world.settings.refusals.terminationToken, "The token does not confirm a termination of this service");
  }
  administration.termination = null;
  administration.renew.deleteAtExpiration = true;
  begin(world, "terminateService", service, {
    through: world.settings.showDeleted ? ["deleting", "deleted"] : ["deleting"],
    success: { gone: true },
    failure: { status: "running" },
    unchanged: { status: "running" },
  });
  world.commit();
  // the text is our assumption
  return `The termination of service ${service.id} is confirmed`;
}
