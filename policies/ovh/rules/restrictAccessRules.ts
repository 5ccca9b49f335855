import { isNetwork, overlaps, prefixLength } from "../../../provider/ovh/networks";
import { rule, type Undecided, undecided } from "../../rule";
import { called, madeFrom, text, unknown } from "../../seen";
import { CLONE, RULES, SHARES } from "../seen";

interface Settings extends Undecided {
  minPrefixLength: { rw: number; ro: number };
  forbiddenNetworks: string[];
}

/**
 * Keeps access rules narrow: whoever may mount a clone reads production data. And keeps clones away from networks that must
 * not see them: a server of production that mounts a clone by mistake works on old data.
 *
 * `forbiddenNetworks` are about clones, so a rule for a `Share` of the program may name them. Where a rule names its share by
 * ID, nobody can tell which one that is: that is noted.
 *
 * Fails:
 * ```ts
 * new ShareAccessRule("access-wide", { serviceName, shareId, accessTo: "10.0.0.0/16", accessLevel: "rw" });
 * ```
 * Passes:
 * ```ts
 * new ShareAccessRule("access-narrow", { serviceName, shareId, accessTo: "10.0.5.0/24", accessLevel: "rw" });
 * ```
 */
export const restrictAccessRules = rule<Settings>({
  name: "ovh-restrict-access-rules",
  description:
    "An access rule admits no network wider than the team has agreed on, never everybody, and none to a clone that must not see it.",
  level: "mandatory",
  severity: "high",
  remedy:
    "Give accessTo a narrower network, or change minPrefixLength or forbiddenNetworks in the pack's configuration.",
  settings: {
    minPrefixLength: {
      type: "object",
      properties: { rw: length(24), ro: length(16) },
      additionalProperties: false,
      default: { rw: 24, ro: 16 },
      description: "Shortest prefix of a network that may read and write (rw), and of one that may read (ro).",
    },
    forbiddenNetworks: {
      type: "array",
      items: { type: "string" },
      default: [],
      description:
        "Networks, such as production's, that no clone is opened to, nor any network that has a part of them.",
    },
    undecided,
  },
  problem: ({ forbiddenNetworks }) => {
    const wrong = forbiddenNetworks.find((network) => !isNetwork(network));
    return wrong === undefined
      ? undefined
      : `"${wrong}" in forbiddenNetworks is no IPv4 address or network, such as 10.0.5.0/24.`;
  },
  resource: {
    types: RULES,
    decide(access, { config, violation, undecided }) {
      if (unknown(access, "accessTo")) {
        const decider =
          config.forbiddenNetworks.length === 0
            ? DECIDER
            : `${DECIDER} Whether it is one of forbiddenNetworks, only afterwards.`;
        undecided(access, "accessTo is not known yet.", decider);
        return;
      }
      const accessTo = text(access, "accessTo");
      if (accessTo === undefined || !isNetwork(accessTo)) return; // check says so
      const given = prefixLength(accessTo);
      if (given === 0) {
        violation(access, "accessTo admits everybody. Give it the network of those who need the share.");
        return;
      }
      const { minPrefixLength } = config;
      const levels = unknown(access, "accessLevel")
        ? (["ro", "rw"] as const)
        : [text(access, "accessLevel") === "ro" ? ("ro" as const) : ("rw" as const)];
      const wider = levels.filter((level) => given < minPrefixLength[level]);
      const [level] = wider;
      if (level === undefined) return;
      if (wider.length === levels.length) {
        violation(
          access,
          `accessTo is a /${given}, wider than the /${minPrefixLength[level]} that is agreed on for "${level}". Give it a narrower network.`,
        );
      } else {
        undecided(access, `accessTo is too wide for "${level}", and accessLevel is not known yet.`, DECIDER);
      }
    },
  },
  stack: {
    decide(resources, { config, violation, undecided }) {
      for (const access of resources.filter(({ type }) => RULES.includes(type))) {
        const accessTo = text(access, "accessTo");
        if (accessTo === undefined || !isNetwork(accessTo)) continue;
        const forbidden = config.forbiddenNetworks.find((network) => overlaps(network, accessTo));
        if (forbidden === undefined) continue;
        const [clone] = madeFrom(access, "shareId", [CLONE]);
        if (clone !== undefined) {
          violation(
            access,
            `accessTo has addresses of ${forbidden}, which must not see ${called(clone)}. Give it another network.`,
          );
        } else if (madeFrom(access, "shareId", SHARES).length === 0) {
          undecided(
            access,
            `accessTo has addresses of ${forbidden}, and its share, which may be a clone, is not in this program.`,
            "Look which share that is.",
          );
        }
      }
    },
  },
});

const DECIDER = "This rule decides during the update, before it is made.";

function length(fallback: number) {
  return { type: "integer", minimum: 1, maximum: 32, default: fallback } as const;
}
