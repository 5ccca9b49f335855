import { isIPv4 } from "node:net";

/** Whether a text is an IPv4 address, or a network in CIDR form. */
export const isNetwork = (text: string): boolean => {
  const [address, prefix, ...rest] = text.split("/");
  const bits = prefix === undefined || /^([0-9]|[12][0-9]|3[0-2])$/.test(prefix);
  return rest.length === 0 && bits && isIPv4(address ?? "");
};

/** How many leading bits all addresses of a network share, 0 to 32; an address alone is its /32. */
export const prefixLength = (network: string): number => Number(network.split("/")[1] ?? 32);

const toNumber = (address: string): number => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

/** Whether two networks have an address in common: one of them then lies within the other. */
export const overlaps = (left: string, right: string): boolean => {
  const span = 2 ** (32 - Math.min(prefixLength(left), prefixLength(right)));
  const block = (network: string) => Math.floor(toNumber(network.split("/")[0] ?? "") / span);
  return block(left) === block(right);
};

/** Bits of the address that stand outside its network, as in 10.0.5.7/24: Manila refuses them. */
export const hasHostBits = (text: string): boolean => {
  const [address = ""] = text.split("/");
  return toNumber(address) % 2 ** (32 - prefixLength(text)) !== 0;
};

/** One form for one network: an address alone is its /32. */
export const canonicalNetwork = (text: string): string => text.replace(/\/32$/, "");
