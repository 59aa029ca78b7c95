import * as z from "zod";
import { PROBLEMS, PROBLEM_TYPE, type ProblemCode } from "../problem.ts";
import { isRepeatable, type Operation } from "./operation.ts";
import { COMPONENTS, named, ProblemSchema } from "./schemas.ts";

type Json = Readonly<Record<string, unknown>>;

/** Errors that every operation may answer with. */
const COMMON: readonly ProblemCode[] = [
  "invalid-request",
  "token-missing",
  "token-refused",
  "role-missing",
  "host-refused",
  "too-many-requests",
];

/** Errors of operations that take a body. */
const WITH_BODY: readonly ProblemCode[] = [
  "body-too-large",
  "media-type-refused",
  "origin-refused",
];

/** The OpenAPI 3.1 document of the API, made of the schemas that it checks requests with. */
export function openApiDocument(operations: readonly Operation[], version: string): Json {
  const paths = new Map<string, Record<string, Json>>();
  for (const each of operations) {
    if (COMPONENTS.get(each.response) === undefined)
      named(`${upper(each.id)}Answer`, each.response);
    if (each.body !== null && COMPONENTS.get(each.body) === undefined)
      named(`${upper(each.id)}Request`, each.body);
    const known = paths.get(each.path) ?? {};
    known[each.method.toLowerCase()] = describe(each);
    paths.set(each.path, known);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Anchorwatch",
      version,
      description: "Links between clients and TLS endpoints, as each client judges them",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{}, { token: [] }, { password: [] }, { certificate: [] }],
    paths: Object.fromEntries(paths),
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        password: { type: "http", scheme: "basic", description: "The token as password" },
        certificate: { type: "mutualTLS" },
      },
    },
  };
}

const upper = (id: string): string => id.slice(0, 1).toUpperCase() + id.slice(1);

function describe(each: Operation): Json {
  const { id, summary, role, params, query, body, response, mediaType } = each;
  const description = role === "operate" ? { description: "Needs the role operate" } : {};
  return {
    operationId: id,
    summary,
    ...description,
    parameters: [
      ...Object.entries(params).map(([name, schema]) => parameter("path", name, schema)),
      ...Object.entries(query).map(([name, schema]) => parameter("query", name, schema)),
    ],
    ...(body === null
      ? {}
      : {
          requestBody: {
            required: true,
            content: { "application/json": { schema: reference(body) } },
          },
        }),
    responses: {
      200: { description: "Answer", content: { [mediaType]: { schema: reference(response) } } },
      ...(each.method === "GET" ? { 304: { description: "As the ETag says" } } : {}),
      ...problemAnswers([
        ...COMMON,
        ...(each.method === "POST" ? WITH_BODY : []),
        ...each.problems,
      ]),
    },
  };
}

function problemAnswers(codes: readonly ProblemCode[]): Json {
  const byStatus = Map.groupBy(new Set(codes), (code) => PROBLEMS[code][0]);
  const [mediaType = ""] = PROBLEM_TYPE.split(";");
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [
      status,
      {
        description: same.map((code) => `${code}: ${PROBLEMS[code][1]}`).join("; "),
        content: { [mediaType]: { schema: reference(ProblemSchema) } },
      },
    ]),
  );
}

function parameter(place: "path" | "query", name: string, schema: z.ZodType): Json {
  const { $schema: _draft, description, ...rest } = z.toJSONSchema(schema);
  return {
    name,
    in: place,
    required: place === "path",
    ...(description === undefined ? {} : { description }),
    schema: rest,
    ...(isRepeatable(schema) ? { explode: true, style: "form" } : {}),
  };
}

const reference = (schema: z.ZodType): Json => ({
  $ref: pointer(COMPONENTS.get(schema)?.id ?? ""),
});

const pointer = (id: string): string => `#/components/schemas/${id}`;

function componentSchemas(): Json {
  const { schemas } = z.toJSONSchema(COMPONENTS, { uri: pointer });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _draft, $id: _id, ...schema }]) => [id, schema]),
  );
}
