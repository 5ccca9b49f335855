// How TypeDoc shows our names: a plugin that typedoc.json loads. The page of a resource has its arguments and its outputs
// as tables, and nothing of what its base class brings along.
import { Comment, Converter, ReflectionKind } from "typedoc";
import { MarkdownTheme, MarkdownThemeContext } from "typedoc-plugin-markdown";

/** Types that only say where a value comes from, or that it is there. What arguments and outputs are is said once per page. */
const WRAPPERS = new Set(["Input", "Output", "OutputInstance", "Wrapped", "NonNullable"]);
/** Those of values that may be missing, which is no matter of whether an argument may be left out. */
const OUTPUTS = new Set(["Output", "OutputInstance"]);

/** @param {import("typedoc-plugin-markdown").MarkdownApplication} app */
export function load(app) {
  app.renderer.defineTheme("holdfast", Theme);
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const reflection of Object.values(project.reflections)) tidy(reflection);
  });
}

/** Takes out what only repeats the structure of the sources, and gives the parts of a comment a paragraph each. */
function tidy(reflection) {
  for (const key of ["inheritedFrom", "overwrites", "implementationOf"]) delete reflection[key];
  // The bases of resources and arguments are not public; the base of an error is.
  if (reflection.extendedTypes?.every((type) => type.reflection === undefined)) {
    delete reflection.extendedTypes;
    delete reflection.typeHierarchy;
  }
  // The comment of a type that has no name of its own tells of its members as well.
  if (reflection.kindOf(ReflectionKind.Property) && reflection.parent?.kindOf(ReflectionKind.TypeLiteral)) {
    reflection.comment ??= new Comment([{ kind: "text", text: "See above." }]);
  }
  if (reflection.comment) tidyComment(reflection.comment);
}

function tidyComment(comment) {
  for (const part of comment.summary) {
    if (part.kind === "text") part.text = part.text.replaceAll(/(?:^|\n)(Errors|Source): /g, "\n\n**$1:** ");
  }
  // A default is a value or a few words; as a block of code it would be neither.
  for (const { content } of comment.getTags("@default")) {
    comment.summary.push({ kind: "text", text: " Default: " }, ...literal(content), { kind: "text", text: "." });
  }
  comment.removeTags("@default");
}

/** A literal as code, words as they are. */
function literal(content) {
  const text = content.map((part) => part.text).join("");
  return /^("[^"]*"|[\d_.]+|true|false|\w+\.\w+)$/.test(text) ? [{ kind: "code", text: `\`${text}\`` }] : content;
}

class Theme extends MarkdownTheme {
  getRenderContext(page) {
    return new Context(this, page, this.application.options);
  }
}

class Context extends MarkdownThemeContext {
  constructor(theme, page, options) {
    super(theme, page, options);
    const { memberWithGroups, referenceType, reflectionType } = this.partials;
    const plain = argumentsOf(page.model) !== undefined || page.model.name.endsWith("Args");
    this.partials = {
      ...this.partials,
      memberWithGroups: (model, shown) =>
        argumentsOf(model) === undefined ? memberWithGroups(model, shown) : resourcePage(this, model),
      referenceType: (type) =>
        plain && WRAPPERS.has(type.name) && type.typeArguments?.length === 1
          ? this.partials.someType(OUTPUTS.has(type.name) ? type.typeArguments[0] : required(type.typeArguments[0]))
          : referenceType(type),
      // an argument of the type `unknown`, as input
      reflectionType: (type, ...rest) => (plain && isEmpty(type) ? "anything" : reflectionType(type, ...rest)),
    };
  }
}

/** Whether a property may be left out is said beside its type. */
function required(type) {
  if (type.type !== "union") return type;
  const types = type.types.filter(({ name }) => name !== "undefined");
  return types.length === 1 ? types[0] : type;
}

const isEmpty = ({ declaration }) => !declaration.children && !declaration.signatures && !declaration.indexSignatures;

const childNamed = (model, name) => model.children?.find((child) => child.name === name);

/** The interface of the second parameter, for what is made as Pulumi's resources are: name, arguments, options. */
function argumentsOf(model) {
  if (model.kind !== ReflectionKind.Class) return undefined;
  const [name, args] = childNamed(model, "constructor")?.signatures?.[0]?.parameters ?? [];
  const type = name?.name === "name" && args?.name === "args" ? args.type.reflection : undefined;
  return type?.children ? type : undefined; // a choice between interfaces has none
}

/** Made of other resources. */
const isComponent = (model) =>
  childNamed(model, "constructor").signatures[0].parameters[2]?.type.name === "ComponentResourceOptions";

function resourcePage(context, model) {
  const args = argumentsOf(model);
  const outputs = model.children.filter((child) => child.kind === ReflectionKind.Property);
  const component = isComponent(model);
  const plain = component ? ", unless it has to be plain" : "";
  return [
    context.partials.comment(model.comment, { headingLevel: 2 }),
    "## Arguments",
    `\`new ${model.name}(name, args, opts?)\`. Each property of \`args\` takes a plain value or an output of another resource${plain}.`,
    table(context, "Argument", args.children),
    ...(outputs.length > 0
      ? [
          "## Outputs",
          component
            ? "The parts are resources of their own; all others are of the type `pulumi.Output`, as is `urn`."
            : "Each is a `pulumi.Output`, beside `id` (the service's own id) and `urn`.",
          table(context, "Output", outputs, true),
        ]
      : []),
    ...lookUp(context, model),
  ].join("\n\n");
}

function lookUp(context, model) {
  const [signature] = childNamed(model, "get")?.signatures ?? [];
  if (signature === undefined) return [];
  const parameters = signature.parameters.filter(({ comment }) => comment !== undefined);
  return [
    "## Look-up",
    `\`${model.name}.get(${signature.parameters.map(({ name, flags, defaultValue }) => (flags.isOptional || defaultValue !== undefined ? `${name}?` : name)).join(", ")})\``,
    context.partials.comment(signature.comment),
    ...parameters.map(({ name, comment }) => `- \`${name}\`: ${context.partials.comment(comment).trim()}`),
  ];
}

function table(context, title, properties, anchored = false) {
  const rows = properties.map((property) => {
    const anchor = anchored ? `<a id="${context.router.getAnchor(property)}"></a> ` : "";
    const type = context.partials.someType(property.flags.isOptional ? required(property.type) : property.type);
    return [
      `${anchor}\`${property.name}\``,
      property.flags.isOptional ? `${type}, optional` : type,
      property.comment ? context.partials.comment(property.comment) : "",
    ];
  });
  const lines = rows.map((cells) => `| ${cells.map(cell).join(" | ")} |`);
  return [`| ${title} | Type | Meaning |`, "| --- | --- | --- |", ...lines].join("\n");
}

const cell = (text) =>
  text
    .trim()
    .replaceAll(/(?<!\\)\|/g, "\\|")
    .replaceAll(/\n\n+/g, "<br>")
    .replaceAll("\n", " ");
