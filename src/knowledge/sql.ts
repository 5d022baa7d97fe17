/** Calls that hand text to a database, which runs it as SQL. */
import { remembered } from "./remembered.ts"
import { asBase, settle } from "./results.ts"
import { type Row, table } from "./table.ts"

/** Which argument is the SQL. */
export interface SqlSink {
  position: number
  keyword: string
}

const SQLALCHEMY: SqlSink = { position: 0, keyword: "statement" }
const QUERY: SqlSink = { position: 0, keyword: "query" }
const SQL: SqlSink = { position: 0, keyword: "sql" }
const OPERATION: SqlSink = { position: 0, keyword: "operation" }
const EXECUTES = "{execute,executemany}"

/** Sources: the reference pages of each driver (PEP 249 for most of them). */
const rows: Row<SqlSink>[] = [
  ["sqlalchemy.{text,literal_column,DDL}", { position: 0, keyword: "text" }],
  ["sqlalchemy.orm.Session().{execute,scalar,scalars}", SQLALCHEMY],
  ["sqlalchemy.ext.asyncio.AsyncSession().{execute,scalar,scalars,stream,stream_scalars}", SQLALCHEMY],
  ["{sqlmodel.Session,sqlmodel.ext.asyncio.session.AsyncSession}().exec", SQLALCHEMY],
  ["{sqlalchemy.Connection,sqlalchemy.ext.asyncio.AsyncConnection}().{execute,exec_driver_sql,scalar,scalars}", SQLALCHEMY],
  ["sqlalchemy.Engine().execute", SQLALCHEMY],
  ["sqlalchemy.orm.Query().from_statement", SQLALCHEMY],
  [`psycopg2.extensions.cursor().${EXECUTES}`, QUERY],
  ["psycopg2.extensions.cursor().{copy_expert,mogrify}", SQL],
  ["psycopg2.extras.{execute_values,execute_batch}", { position: 1, keyword: "sql" }],
  [`psycopg.{Connection,Cursor,AsyncConnection,AsyncCursor}().${EXECUTES}`, QUERY],
  ["psycopg.{Cursor,AsyncCursor}().{copy,stream}", QUERY],
  [`pymysql.cursors.Cursor().${EXECUTES}`, QUERY],
  [`{MySQLdb,mysql.connector,pyodbc,cx_Oracle,oracledb,pymssql,snowflake.connector}.connect().cursor().${EXECUTES}`, OPERATION],
  [`aiomysql.{connect,create_pool().acquire}().cursor().${EXECUTES}`, QUERY],
  ["sqlite3.{Connection,Cursor}().{execute,executemany,executescript}", SQL],
  ["aiosqlite.connect().{execute,executemany,executescript,execute_fetchall,execute_insert}", SQL],
  ["aiosqlite.connect().cursor().{execute,executemany,executescript}", SQL],
  ["aiosqlite.{Connection,Cursor}().{execute,executemany,executescript,execute_fetchall,execute_insert}", SQL],
  ["asyncpg.{connection.Connection,pool.Pool,Connection,Pool}().{execute,executemany,fetch,fetchrow,fetchval,cursor,prepare}", QUERY],
  ["databases.Database().{execute,execute_many,fetch_all,fetch_one,fetch_val,iterate}", QUERY],
  ["duckdb.{execute,sql,query}", QUERY],
  ["duckdb.DuckDBPyConnection().{execute,executemany,sql,query}", QUERY],
  ["peewee.Database().execute_sql", SQL],
  ["google.cloud.bigquery.Client().{query,query_and_wait}", QUERY],
  ["clickhouse_connect.{get_client,create_client}().{query,command,query_df,query_np,raw_query}", QUERY],
  ["clickhouse_driver.Client().{execute,execute_iter,query_dataframe}", QUERY],
  ["pandas.{read_sql,read_sql_query}", SQL],
  ["django.db.connection.cursor().{execute,executemany}", SQL],
]

const find = table(rows)

/** Every row, for the script that checks them. */
export const sqlSinks: readonly Row<SqlSink>[] = rows

/** The SQL that a call runs: of `sqlite3.Connection().execute` the first argument. The name is the callee's, without its own `()`. */
export const sqlSink = remembered((name): SqlSink | undefined => {
  const dot = name.lastIndexOf(".")
  if (dot < 0) return undefined
  for (const spelling of asBase(settle(name.slice(0, dot)) + name.slice(dot))) {
    const found = find(spelling)
    if (found) return found
  }
  return undefined
})
