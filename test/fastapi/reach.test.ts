/** Who calls whom, when it runs, and where a call leads on its own thread. */
import { beforeAll, describe, expect, test } from "vitest"
import type { Fn, Project } from "#fastapi"
import { loadGrammarForTests } from "../grammar.ts"
import { linked } from "./linked.ts"

beforeAll(loadGrammarForTests)

const SOURCE = `
import asyncio
import time
from contextlib import asynccontextmanager
from fastapi import Depends, FastAPI
from fastapi.concurrency import run_in_threadpool

def sleep():
    time.sleep(1)

def middle():
    return sleep()

def ping():
    return pong()

def pong():
    time.sleep(1)
    return ping()

def numbers():
    time.sleep(1)
    yield 1

async def helper():
    middle()

async def poll():
    ping()

async def warm_up():
    sleep()

async def alone():
    sleep()

@asynccontextmanager
async def lifespan(app):
    await warm_up()
    task = asyncio.create_task(poll())
    yield

app = FastAPI(lifespan=lifespan)

async def current():
    return await helper()

@app.get("/a")
async def a(who=Depends(current)):
    numbers()
    for n in numbers():
        pass
    await run_in_threadpool(sleep)

@app.get("/b")
def b():
    return asyncio.run(alone())
`

const called = (project: Project, name: string): Fn => project.functions.find((fn) => fn.name === name) as Fn

/** For each call of a function, the names on the way to \`time.sleep\`; nothing for a call that does not get there. */
function ways(project: Project, name: string): string[][] {
  const chainOf = project.reach.chains(
    (_event, callee) => (callee.blocks ? callee.blocks.name : undefined),
    () => 0,
  )
  return called(project, name).events.flatMap((event) => {
    const chain = event.is === "call" && chainOf(event)
    return chain ? [[...chain.calls.map((call) => call.in.name), chain.sink]] : []
  })
}

describe("reach", () => {
  test("routes lead to endpoints, dependencies and what those call", () => {
    const project = linked(SOURCE)
    const paths = (name: string) => project.reach.routesTo(called(project, name)).map((route) => route.path.known && route.path.value)
    expect(paths("a")).toEqual(["/a"])
    expect(paths("helper")).toEqual(["/a"])
    expect(paths("poll")).toEqual([])
  })

  test("start-up, what it leaves running, and what runs on a loop of its own", () => {
    const project = linked(SOURCE)
    const when = (name: string) => project.reach.running(called(project, name))
    expect(["a", "helper", "poll", "warm_up"].map(when)).toEqual(["request", "request", "background", "startup"])
  })

  test("the shortest way through synchronous functions, around cycles", () => {
    const project = linked(SOURCE)
    expect(ways(project, "helper")).toEqual([["middle", "sleep", "time.sleep"]])
    expect(ways(project, "poll")).toEqual([["ping", "pong", "time.sleep"]])
  })

  test("a generator runs where it is walked over, and what is handed to a thread runs there", () => {
    expect(ways(linked(SOURCE), "a")).toEqual([["numbers", "time.sleep"]])
  })
})
