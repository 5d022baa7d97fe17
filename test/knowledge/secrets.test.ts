/** What a secret looks like, and what a name says of its value. */
import { describe, expect, test } from "vitest"
import { isPlaceholder, issuedKey, looksChosen, looksRandom, passwordInUrl, publicWord, secretKind } from "#knowledge"

describe("keys of providers", () => {
  test.each([
    ["ghp_16C7e42F292c6912E7710c838347Ae178B4a", "GitHub token"],
    ["token=AKIAQYLPMN5HFIQR7XYA;", "AWS access key"],
    ["AIzaSyD4kV9p2Qx7Lw3Zt8Rb1Nc6Mf5Hj0Gd-Ea", "Google key"],
    [`-----BEGIN RSA PRIVATE KEY-----\n${"MIIEowIBAAKCAQEAx7Zk".repeat(4)}\n`, "private key"],
  ])("%s", (text, what) => {
    expect(issuedKey(text)?.what).toBe(what)
  })

  test.each([
    "AKIAIOSFODNN7EXAMPLE",
    "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "-----BEGIN PRIVATE KEY-----",
    "pk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "my-sk_live-identifier-of-something",
  ])("not %s", (text) => {
    expect(issuedKey(text)).toBeUndefined()
  })
})

describe("passwords in URLs", () => {
  test("one that others can reach", () => {
    expect(passwordInUrl("postgresql+asyncpg://shop:Xa7kk20vmQ@db.shop.io/shop")).toEqual({
      scheme: "postgresql",
      password: "Xa7kk20vmQ",
      isLocal: false,
    })
  })

  test("one on the developer's own machine", () => {
    expect(passwordInUrl("redis://:Xa7kk20vmQ@localhost:6379")?.isLocal).toBe(true)
  })

  test.each([
    "postgresql://postgres:postgres@db.shop.io/shop",
    "postgresql://shop:changeme@db.shop.io/shop",
    "postgresql://{user}:{password}@db.shop.io/shop",
    "postgresql://shop@db.shop.io/shop",
    "https://shop.io:8080/path@2",
    "sqlite:///./shop.db",
  ])("not %s", (text) => {
    expect(passwordInUrl(text)).toBeUndefined()
  })
})

describe("names", () => {
  test.each([
    ["SECRET_KEY", "signing"],
    ["jwtSecret", "signing"],
    ["S3_FILES_DOWNLOAD_SECRET", "signing"],
    ["db_password", "password"],
    ["X-Api-Key", "key"],
    ["AWS_SECRET_ACCESS_KEY", "key"],
    ["client_secret", "key"],
    ["secret", "key"],
  ])("%s holds a %s", (name, kind) => {
    expect(secretKind(name)).toBe(kind)
  })

  test.each([
    "SECRET_KEY_NAME",
    "password_hash",
    "hashed_password",
    "DUMMY_PASSWORD",
    "token_url",
    "public_key",
    "csrf_token",
    "max_tokens",
    "eos_token",
    "keyboard",
  ])("%s holds none", (name) => {
    expect(secretKind(name)).toBeUndefined()
  })
})

describe("values", () => {
  test.each(["changethis", "CHANGE_ME", "your-api-key", "xxxxxxxx", "********", "secret", "dev", "super-secret", "<token>"])(
    "%s stands for one",
    (text) => {
      expect(isPlaceholder(text)).toBe(true)
    },
  )

  test.each(["09d25e094faa6ca2556c818166b7a9563b93f709", "hKx93jsPz02mQw7LrT5vNd8e", "3f8a1c52-9b7d-4e60-8f21-0c5d7a9e4b13"])(
    "%s is random",
    (text) => {
      expect(looksRandom(text)).toBe(true)
    },
  )

  test.each([
    "refresh_token_cookie_name",
    "app.services.tokens:create",
    "1234567890123456789",
    "gpt-4o-mini-2024-07-18",
    "phc_hgJkUVJFYtmaJqrvf6CYN67TIQ8yhXAkWzUn9AMU4yX",
  ])("%s is not", (text) => {
    expect(looksRandom(text)).toBe(false)
  })

  test("a person's password", () => {
    expect(["Winter!2024mail", "gR33n!Door"].map(looksChosen)).toEqual([true, true])
    expect(["rabbit", "password_reset", "user@{host}", "/etc/shop1"].map(looksChosen)).toEqual([false, false, false, false])
  })
})

test("forms for strangers are public, the list of contacts is not", () => {
  expect(publicWord("/api/v1/contact")).toBe("contact")
  expect(publicWord("/newsletter-subscription")).toBe("newsletter")
  expect(publicWord("/jobs/{job_id}/applications")).toBe("jobs applications")
  expect(publicWord("/contacts/{id}")).toBeUndefined()
})
