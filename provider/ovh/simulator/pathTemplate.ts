/** The branch at the head of a path, `/1.0` or its alias `/v1`, and the path below it. */
export function splitBranch(path: string): { branch: string; rest: string } | undefined {
  const [, branch, rest] = /^(\/1\.0|\/v1)(\/.*)$/.exec(path) ?? [];
  return branch === undefined || rest === undefined ? undefined : { branch, rest };
}
