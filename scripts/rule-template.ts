import { type Fn, quote, rule } from "#rule"

export default rule({
  summary: "A function called `replace_me`",
  why: "Says in a short paragraph what goes wrong, for whom, and when.",
  help: "Say what to do, as a command",
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/",
  equivalents: [],
  examples: [
    {
      bad: `
        def replace_me(): # expect: replace_me
            return 1
      `,
      good: `
        def replaced():
            return 1
      `,
    },
  ],

  *project({ functions }) {
    for (const fn of functions) {
      if (isToBeReplaced(fn)) yield { at: fn.at, message: `${quote(fn.name)} is still the name from the template`, scope: fn.id }
    }
  },
})

const isToBeReplaced = (fn: Fn): boolean => fn.name === "replace_me"
