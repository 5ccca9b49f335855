import { Refusal } from "../../simulator/refusal";

const CLASSES: Readonly<Record<number, string>> = {
  400: "Client::BadRequest",
  401: "Client::Unauthorized",
  403: "Client::Forbidden",
  404: "Client::NotFound",
  409: "Client::Conflict",
  413: "Client::PayloadTooLarge",
  429: "Client::TooManyRequests",
  // the client libraries know the status; the class is unconfirmed, our assumption
  460: "Client::Expired",
  501: "Server::NotImplemented",
};

/** The `class` member that goes with a status. */
export const errorClass = (status: number): string =>
  CLASSES[status] ?? (status < 500 ? "Client::BadRequest" : "Server::InternalServerError");

const REASONS: Readonly<Record<number, string>> = { 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden" };

/** A refusal by the authentication layer, in the older shape: `errorCode`, `httpCode` and `message` (python-ovh: client.py). */
export const refuseCredential = (status: number, errorCode: string, message: string): Refusal =>
  new Refusal(status, message, { errorCode, httpCode: `${status} ${REASONS[status] ?? "Error"}`, message });

const NOT_GRANTED = "User not granted for this request";

/** What a caller without an IAM action gets (go-ovh: error_test.go). The details are empty strings when nothing is missing. */
export const refuseAction = (action: string): Refusal =>
  new Refusal(403, NOT_GRANTED, {
    class: "Client::Forbidden",
    message: NOT_GRANTED,
    details: { unauthorizedActionsByAuthentication: "", unauthorizedActionsByIAM: action },
  });
