import * as pulumi from "@pulumi/pulumi";

/** The ids of the resources that the arguments come from, and of those in `dependsOn`, a component's children included. */
export async function idsBehind(
  given: pulumi.Output<unknown>,
  dependsOn: pulumi.Output<unknown>,
): Promise<pulumi.Output<pulumi.ID>[]> {
  const listed = [await promised(dependsOn)].flat();
  const all = [...(await resourcesOf(given)), ...(await resourcesOf(dependsOn)), ...listed];
  return [...new Set(all.flatMap(customResources))].flatMap(({ id }) => (id === undefined ? [] : [id]));
}

function customResources(value: unknown): pulumi.CustomResource[] {
  if (pulumi.CustomResource.isInstance(value)) return [value];
  if (!pulumi.Resource.isInstance(value)) return [];
  const children: unknown = Reflect.get(value, "__childResources");
  return children instanceof Set ? [...children].flatMap(customResources) : [];
}

// The SDK keeps these two members out of its types. They are how its own functions wait for arguments; `apply` alone never
// calls back for a value that is unknown.
export const promised = (output: pulumi.Output<unknown>): Promise<unknown> =>
  Reflect.get(output, "promise").call(output, true);
const resourcesOf = (output: pulumi.Output<unknown>): Promise<Set<unknown>> =>
  Reflect.get(output, "allResources").call(output);
