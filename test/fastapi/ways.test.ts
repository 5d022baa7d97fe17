/** How requests get to a function, by the shortest way of each route. */
import { beforeAll, expect, test } from "vitest"
import { type Project, type Way, waysTo } from "#fastapi"
import { loadGrammarForTests } from "../grammar.ts"
import { linked } from "./linked.ts"

beforeAll(loadGrammarForTests)

const SOURCE = `
from fastapi import Depends, FastAPI
from fastapi.concurrency import run_in_threadpool

app = FastAPI()

def work():
    return 1

def long_way():
    return short_way()

def short_way():
    return work()

async def gentle():
    return work()

def guard():
    work()

@app.get("/straight")
async def straight():
    long_way()
    return short_way()

@app.get("/threads")
def threads():
    return work()

@app.get("/handed")
async def handed():
    return await run_in_threadpool(work)

@app.get("/asked", dependencies=[Depends(guard)])
async def asked():
    return 1

@app.get("/helped")
async def helped():
    return await gentle()

@app.get("/elsewhere")
async def elsewhere():
    return 2
`

const shown = ({ route, steps, runs }: Way) =>
  `${route.path.known ? route.path.value : "?"}: ${steps.map(({ fn, handed }) => fn.name + (handed ? "!" : "")).join(" > ")}, ${runs}`

test("call by call, and whether it runs on the event loop then", () => {
  const project: Project = linked({ "app/main.py": SOURCE })
  const work = project.functions.find(({ name }) => name === "work")!
  expect(waysTo(project, work).map(shown)).toEqual([
    "/straight: straight > short_way > work, event loop",
    "/threads: threads > work, thread",
    "/handed: handed! > work, thread",
    "/asked: guard > work, thread",
    "/helped: helped > gentle > work, event loop",
  ])
})
