import { expect, test } from "vitest"
import { sqlSink } from "../../src/knowledge/sql.ts"

test.each([
  ["sqlalchemy.text", "text", 0],
  ["sqlalchemy.orm.sessionmaker()().execute", "statement", 0],
  ["psycopg2.connect().cursor().execute", "query", 0],
  ["psycopg2.extras.execute_values", "sql", 1],
  ["sqlite3.connect().cursor().executescript", "sql", 0],
  ["asyncpg.create_pool().acquire().fetchrow", "query", 0],
])("%s runs its argument %s as SQL", (name, keyword, position) => {
  expect(sqlSink(name)).toEqual({ keyword, position })
})

test.each(["sqlalchemy.select", "sqlalchemy.orm.Session().add", "requests.get", "print"])("%s does not", (name) => {
  expect(sqlSink(name)).toBeUndefined()
})
