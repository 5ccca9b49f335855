/** One line of the result. */
export interface Outcome {
  victim: string;
  when: string;
  stage: string;
  ok: boolean;
}

/** What was killed, when, at how many calls of each part, and how it went. */
export function table(outcomes: readonly Outcome[]): string {
  const rows = new Map<string, { ok: number; failed: number }>();
  for (const { victim, when, stage, ok } of outcomes) {
    for (const key of [`${victim}|${when}|${stage}`, "in all||"]) {
      const row = rows.get(key) ?? { ok: 0, failed: 0 };
      row[ok ? "ok" : "failed"] += 1;
      rows.set(key, row);
    }
  }
  const sum = rows.get("in all||");
  rows.delete("in all||");
  if (sum !== undefined) rows.set("in all||", sum); // last
  const lines = [["killed", "when", "calls of", "calls", "ok", "failed"]];
  for (const [key, { ok, failed }] of rows) lines.push([...key.split("|"), ...[ok + failed, ok, failed].map(String)]);
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
