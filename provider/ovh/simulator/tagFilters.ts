import { fieldsOf, parseJson } from "../../simulator/fields";
import { refuse } from "../../simulator/refusal";

const OPERATORS = ["EQ", "NEQ", "EXISTS", "NEXISTS", "LIKE", "ILIKE"] as const;

type Tags = Readonly<Record<string, string>>;

const pattern = (value: string, flags: string): RegExp =>
  new RegExp(`^${value.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`, flags);

const matches = (tags: Tags, key: string, filter: unknown): boolean => {
  const { operator: wanted, value = "" } = fieldsOf(filter);
  const operator = OPERATORS.find((one) => one === (wanted ?? "EQ"));
  if (operator === undefined) throw refuse(400, `operator must be one of ${OPERATORS.join(", ")}`);
  if (typeof value !== "string") throw refuse(400, "value must be a string");
  const tag = Object.hasOwn(tags, key) ? tags[key] : undefined;
  switch (operator) {
    case "EQ":
      return tag === value;
    case "NEQ":
      return tag !== value;
    case "EXISTS":
      return tag !== undefined;
    case "NEXISTS":
      return tag === undefined;
    case "LIKE":
      return tag !== undefined && pattern(value, "s").test(tag);
    case "ILIKE":
      return tag !== undefined && pattern(value, "is").test(tag);
  }
};

/**
 * What the query `iamTags` asks of an object's tags: JSON from tag to a list of filters, as the vendor's control panel sends it. That all
 * filters must fit, that an object without the tag fits NEQ, and that `*` stands for any text in LIKE is our assumption.
 */
export function tagFilter(iamTags: string | null): (tags: Tags) => boolean {
  // python-ovh writes a missing value as the text "null"
  if (iamTags === null || iamTags === "" || iamTags === "null") return () => true;
  const wanted = Object.entries(fieldsOf(parseJson(Buffer.from(iamTags)))).flatMap(([key, filters]) => {
    if (!Array.isArray(filters)) throw refuse(400, `iamTags: ${key} must be a list of filters`);
    return filters.map((filter: unknown) => ({ key, filter }));
  });
  // a filter that makes no sense is refused even if there is nothing to look at
  for (const { key, filter } of wanted) matches({}, key, filter);
  return (tags) => wanted.every(({ key, filter }) => matches(tags, key, filter));
}
