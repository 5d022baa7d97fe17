import { requestFinding, requestFlows, rule } from "#rule"

export default rule({
  summary: "A client decides which address the server fetches",
  why: `
The server stands where clients do not: behind the firewall, next to the database, beside the cloud's metadata address
(\`http://169.254.169.254/\`), which hands out credentials. A server that fetches any address it is told lends that place to
whoever asks. That the address begins with \`https://\` says nothing of where it leads, and a redirect may lead elsewhere.
`,
  help: "Compare the host with a list of what may be fetched, or build the address from a constant host and an encoded part",
  concern: "security",
  level: "error",
  docs: "https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html",
  equivalents: ["S5144"],
  cwe: ["CWE-918"],
  exemptions: [
    "a part of the path or the query after a host that the code names",
    "an address that is compared with a list, or given to a function that checks it, before it is fetched",
  ],
  examples: [
    {
      bad: `
        import httpx
        from fastapi import FastAPI

        app = FastAPI()

        async def fetch(url: str) -> bytes:
            async with httpx.AsyncClient() as client:
                answer = await client.get(url) # expect: \`url\` of \`GET /preview\` chooses the address that \`AsyncClient.get\` fetches, through \`fetch\`
                return answer.content

        @app.get("/preview")
        async def preview(url: str) -> dict[str, int]:
            return {"size": len(await fetch(url))}
      `,
      good: `
        from urllib.parse import quote, urlparse
        import httpx
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        HOSTS = {"images.example.com"}

        @app.get("/preview")
        async def preview(url: str, page: str) -> dict[str, int]:
            if urlparse(url).hostname not in HOSTS:
                raise HTTPException(422, "this host is not allowed")
            async with httpx.AsyncClient() as client:
                answer = await client.get(url)
                other = await client.get(f"https://wiki.example.com/{quote(page)}")
                return {"size": len(answer.content) + len(other.content)}
      `,
    },
  ],

  *project(project) {
    for (const flow of requestFlows(project, ["url"])) {
      const finding = requestFinding(flow, "chooses the address that {callee} fetches")
      const isSetUp = CONNECTION.test(flow.source.name) && flow.routes.every(({ auth }) => auth.answer === "yes")
      yield isSetUp ? { ...finding, level: "warning" } : finding
    }
  },
})

/** Where a user tells the address of a service of their own, it is meant to be fetched; not from inside, though. */
const CONNECTION = /(?:^|[._])(?:base_url|api_base|endpoint|server_url|webhook_url|callback_url|instance_url)$/i
