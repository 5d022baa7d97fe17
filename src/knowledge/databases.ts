/** Libraries through which programs speak to a database, by the first word of their qualified names. */
const DATABASES = new Set(
  `sqlalchemy sqlmodel psycopg psycopg2 asyncpg aiosqlite sqlite3 pymysql MySQLdb aiomysql asyncmy mysql oracledb cx_Oracle pyodbc
  pymongo motor beanie odmantic mongoengine umongo tortoise peewee peewee_async pony databases gino ormar piccolo
  cassandra neo4j edgedb gel clickhouse_connect clickhouse_driver duckdb fastapi_sqlalchemy fastapi_users_db_sqlalchemy prisma`.split(
    /\s+/,
  ),
)

/** Is something of a database library called: `sqlalchemy.orm.Session().execute`? */
export const usesDatabase = (qualified: string): boolean => DATABASES.has(qualified.split(".", 1)[0]?.replace("()", "") ?? "")
