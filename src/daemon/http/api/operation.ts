import * as z from "zod";
import type { HttpRole } from "../../../estate/http/http.ts";
import { fail, type Result } from "../../../x509/result.ts";
import { type ProblemCode, refusal, type Refusal } from "../problem.ts";

/** What an operation answers. */
export type Answer =
  | { readonly kind: "json"; readonly value: object }
  /** A JSON object with a list that may be long, written item by item. */
  | {
      readonly kind: "list";
      /** Fields before the list. */
      readonly head: object;
      readonly name: string;
      readonly items: readonly object[];
      /** Makes JSON of an item. */
      readonly show: (item: never) => object;
      /** Cursor of the next page; null for the last. */
      readonly next: string | null;
      /** The same as long as the answer is; absent where nothing tells. */
      readonly revision?: number;
    }
  /** A file of JSON lines. */
  | { readonly kind: "lines"; readonly fileName: string; readonly lines: readonly object[] };

/** A request as it came. */
export interface RawRequest {
  readonly params: unknown;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

type Shape = Readonly<Record<string, z.ZodType>>;

/** One operation of the API: everything that its route and its description are made of. */
export interface Operation {
  readonly id: string;
  readonly method: "GET" | "POST";
  /** As OpenAPI writes it, with `{name}` for parameters. */
  readonly path: string;
  readonly role: HttpRole;
  readonly summary: string;
  readonly params: Shape;
  readonly query: Shape;
  readonly body: z.ZodType | null;
  /** Bytes that the body may have. */
  readonly bodyLimit: number;
  readonly response: z.ZodType;
  readonly mediaType: "application/json" | "application/x-ndjson";
  /** Kinds of errors beyond those that every operation may have. */
  readonly problems: readonly ProblemCode[];
  readonly answer: (request: RawRequest) => Promise<Result<Answer, Refusal>>;
}

type Read<S extends Shape> = z.infer<z.ZodObject<S>>;

/** An operation as it is written down; what is left out takes nothing. */
interface Definition<P extends Shape, Q extends Shape, B extends z.ZodType> {
  readonly id: string;
  readonly method?: "POST";
  readonly path: string;
  readonly role?: HttpRole;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly bodyLimit?: number;
  readonly response: z.ZodType;
  readonly mediaType?: Operation["mediaType"];
  readonly problems?: readonly ProblemCode[];
  readonly handle: (input: {
    readonly params: Read<P>;
    readonly query: Read<Q>;
    readonly body: z.infer<B>;
  }) => Result<Answer, Refusal> | Promise<Result<Answer, Refusal>>;
}

const SMALL_BODY = 16_384;

/** Makes an operation that checks what it is asked before it answers. */
export function operation<
  P extends Shape = Record<never, never>,
  Q extends Shape = Record<never, never>,
  B extends z.ZodType = z.ZodType,
>(definition: Definition<P, Q, B>): Operation {
  const { params, query, body, handle } = definition;
  const Params = z.strictObject(params ?? ({} as P));
  const Query = z.strictObject(query ?? ({} as Q));
  return {
    id: definition.id,
    method: definition.method ?? "GET",
    path: definition.path,
    role: definition.role ?? "read",
    summary: definition.summary,
    params: params ?? {},
    query: query ?? {},
    body: body ?? null,
    bodyLimit: definition.bodyLimit ?? SMALL_BODY,
    response: definition.response,
    mediaType: definition.mediaType ?? "application/json",
    problems: definition.problems ?? [],
    answer: async (request) => {
      const read = {
        params: Params.safeParse(request.params),
        query: Query.safeParse(valuesOf(request.query, query ?? {})),
        body: (body ?? z.unknown()).safeParse(request.body),
      };
      for (const [place, { error }] of Object.entries(read))
        if (error !== undefined) return fail(invalid(place, error));
      return handle({
        params: read.params.data as Read<P>,
        query: read.query.data as Read<Q>,
        body: read.body.data as z.infer<B>,
      });
    },
  };
}

/** Whether a query parameter may be given several times. */
export const isRepeatable = (schema: z.ZodType): boolean =>
  (schema instanceof z.ZodOptional ? schema.unwrap() : schema) instanceof z.ZodArray;

function valuesOf(query: URLSearchParams, shape: Shape): Readonly<Record<string, unknown>> {
  const values = new Map<string, unknown>();
  for (const name of new Set(query.keys())) {
    const all = query.getAll(name);
    const schema = Object.hasOwn(shape, name) ? shape[name] : undefined;
    const isList = schema !== undefined && isRepeatable(schema);
    values.set(name, isList || all.length > 1 ? all : all[0]);
  }
  return Object.fromEntries(values);
}

/** Mistakes that one answer names. */
const MAX_NAMED = 5;

function invalid(place: string, { issues }: z.ZodError): Refusal {
  const named = issues.slice(0, MAX_NAMED).map(({ path, message }) => {
    const where = [place, ...path.map(String)].join(".").slice(0, 200);
    return `${where}: ${message.slice(0, 300)}`;
  });
  return refusal("invalid-request", named.join("; "));
}
