/** The member of an object's attributes in which this package keeps what it has to find again. */
export const OWN_MEMBER = "holdfast";

/** As the program or others have set them. */
export const withoutOurs = (attributes: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> =>
  Object.fromEntries(Object.entries(attributes ?? {}).filter(([name]) => name !== OWN_MEMBER));
