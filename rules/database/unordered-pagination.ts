import { type CallEvent, quote, routeNames, rule, type Value } from "#rule"

export default rule({
  summary: "Pages of a query that has no order",
  why: `
Without \`ORDER BY\` a database returns rows in whatever order is convenient: after an update, a vacuum or a change of plan it
is another one. Rows then stand on two pages or on none, and nobody can reproduce it. SQL promises nothing else, and some
databases refuse \`OFFSET\` without an order.
`,
  help: "Add `.order_by(...)` with a column that is unique, such as the primary key",
  concern: "correctness",
  level: "warning",
  docs: "https://docs.sqlalchemy.org/en/20/tutorial/data_select.html#order-by",
  equivalents: [],
  exemptions: [
    "a function that orders anything, on whatever way",
    "queries that come from elsewhere, and so may be ordered",
    "a mapped class with an order of its own",
  ],
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI
        from sqlalchemy import select
        from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

        class Base(DeclarativeBase):
            pass

        class Order(Base):
            __tablename__ = "orders"
            id: Mapped[int] = mapped_column(primary_key=True)

        def get_db() -> Session: ...

        app = FastAPI()

        @app.get("/orders")
        def list_orders(skip: int = 0, db: Session = Depends(get_db)):
            return db.scalars(select(Order).offset(skip).limit(50)).all() # expect: The pages of \`GET /orders\` have no order
      `,
      good: `
        from fastapi import Depends, FastAPI
        from sqlalchemy import select
        from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

        class Base(DeclarativeBase):
            pass

        class Order(Base):
            __tablename__ = "orders"
            id: Mapped[int] = mapped_column(primary_key=True)

        def get_db() -> Session: ...

        app = FastAPI()

        @app.get("/orders")
        def list_orders(skip: int = 0, db: Session = Depends(get_db)):
            return db.scalars(select(Order).order_by(Order.id).offset(skip).limit(50)).all()
      `,
    },
  ],

  *project(project) {
    for (const { in: fn, event } of project.bodies.callsOf(/\.offset$/)) {
      if (fn.role !== "app" || stepOf(event) !== "offset") continue
      const calls = fn.events.filter((event): event is CallEvent => event.is === "call")
      if (calls.some(({ name = "" }) => ORDERS.test(name))) continue
      const made = new Map(calls.map((call) => [call.result, call]))
      if (!isFromTheStart(event, made) || !calls.some((other) => stepOf(other) === "limit")) continue
      const routes = project.reach.routesTo(fn)
      yield {
        at: event.at,
        message: `The pages of ${routeNames(routes) ?? quote(fn.name)} have no order: ${quote(".offset()")} without ${quote(".order_by()")}`,
        routes,
        scope: fn.id,
      }
    }
  },
})

/** Says an order, or is not understood and may. */
const ORDERS = /order_by|sort|\.from_statement$|\.text$|paginate/i

const QUERY = /^sqlalchemy\.(orm\.Query\(\)|Select\(\)|select\(\)|sql\.\w+\(\))/
const stepOf = ({ name = "", blocks }: CallEvent): string | undefined =>
  QUERY.test(blocks?.name ?? name) || /\bquery\(\)\.|\bselect\(\)\./.test(name) ? name.split(".").at(-1) : undefined

/** Is the whole chain in sight, from `select(...)` on? */
function isFromTheStart({ callee }: CallEvent, made: ReadonlyMap<Value, CallEvent>, depth = 0): boolean {
  const before = callee.is === "external" ? callee.on : undefined
  const call = before && made.get(before)
  if (!call || depth > 20) return false
  const step = call.name?.split(".").at(-1) ?? ""
  if (step === "select" || step === "query") return !call.positional.some(isSorted)
  return isFromTheStart(call, made, depth + 1)
}

/** A class whose mapper brings an order: `__mapper_args__ = {"order_by": ...}`. */
const isSorted = (value: Value): boolean => value.is === "class" && value.body.own("__mapper_args__") !== undefined
