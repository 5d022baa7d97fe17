/** Calls that sign, verify or encrypt with a key, and where the key stands. */
import { type Row, spell, table } from "./table.ts"

export interface Signer {
  position: number
  keyword: string
  /** Some give it constants that are no secret: `hmac.new(b"WebAppData", ...)` is a step of a public protocol. */
  takesConstants?: boolean
}

const jwt: Signer = { position: 1, keyword: "key" }

/** Source: each library's reference. */
export const signers: readonly Row<Signer>[] = [
  ["jwt.{encode,decode}", jwt],
  ["jwt.api_jwt.{encode,decode}", jwt],
  ["jose.jwt.{encode,decode}", jwt],
  ["{authlib.jose,joserfc}.jwt.encode", { position: 2, keyword: "key" }],
  ["cryptography.fernet.Fernet", { position: 0, keyword: "key" }],
  [
    "itsdangerous.{Serializer,URLSafeSerializer,TimedSerializer,URLSafeTimedSerializer,Signer,TimestampSigner}",
    { position: 0, keyword: "secret_key" },
  ],
  ["hmac.{new,digest}", { position: 0, keyword: "key", takesConstants: true }],
]

/** The libraries that they are of, as an import says them. */
export const SIGNERS: readonly string[] = [
  ...new Set(signers.flatMap(([pattern]) => spell(pattern).map((name) => name.split(".")[0] as string))),
]

/** Where this call, by its qualified name, takes its key. */
export const signer: (name: string) => Signer | undefined = table(signers)
