import { ApiError, ConnectionError, type HoldfastError } from "../core/errors";

/** It proves nothing gone: another endpoint answers the same. */
export const unknownService = (serviceName: string, { message, ...fields }: ApiError) =>
  new ApiError(
    `${message.replace(/\.?$/, ".")} Service ${serviceName} is not known there: check serviceName, the endpoint and the account (for a simulator, start it with the same --state file). It proves nothing gone, so nothing leaves the state; where the service is gone for good, pulumi state delete does that.`,
    { ...fields, advised: true },
  );

/**
 * Whether a call may have had its effect all the same: no answer came, or a gateway's most likely, or one that tells no id. A
 * look on the way to it that failed has none.
 */
export const isLost = (error: unknown): error is HoldfastError =>
  (error instanceof ConnectionError && error.failure !== "unreachable" && error.method !== "GET") ||
  (error instanceof ApiError &&
    error.method !== "GET" &&
    (error.status === 408 || error.status >= 500 || error.status < 300));

/**
 * The service refused because of a present state. Codes are not published and differ between the layers behind the API,
 * so a conflict is any of these, and what it means is decided after reading the object again.
 */
export const isConflict = (error: unknown): error is ApiError =>
  error instanceof ApiError &&
  (error.status === 400 ||
    error.status === 409 ||
    error.status === 423 ||
    (error.status === 403 && error.missingActions.length === 0));

export const isNotFound = (error: unknown): error is ApiError => error instanceof ApiError && error.status === 404;
