/** The sections of rules: the nine items of the quality checklist, then two that its principles add. */
export interface Section {
  id: string
  /** The checklist item it answers. */
  item: string
}

/** In the order of the checklist. */
export const SECTIONS = [
  { id: "validation", item: "All endpoints have proper Pydantic models for validation" },
  { id: "auth", item: "Authentication and authorization are correctly implemented where needed" },
  { id: "http", item: "HTTP methods and status codes are semantically correct" },
  { id: "database", item: "Database queries are optimised (no N+1, indexes, pagination, sessions, transactions)" },
  { id: "async", item: "Async/sync boundaries are correct (no blocking calls in async code)" },
  { id: "errors", item: "Error handling covers edge cases with appropriate responses" },
  { id: "secrets", item: "No secrets or sensitive data in code, responses or logs" },
  { id: "structure", item: "Code follows project structure conventions (routers, models, services, dependencies)" },
  { id: "types", item: "Type hints are present and accurate" },
  { id: "security", item: "No injection; CORS, cryptography, deserialisation, cookies, files and outgoing requests are safe" },
  { id: "testing", item: "Critical paths, data mutations and error scenarios are tested" },
] as const satisfies Section[]
