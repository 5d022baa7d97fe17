import { expect, test } from "vitest"
import { isGoneFromPydantic } from "#knowledge"

test.each([
  ["pydantic", "BaseSettings"],
  ["pydantic.types", "ConstrainedStr"],
  ["pydantic.errors", "PydanticValueError"],
  ["pydantic.errors", "MissingError"],
  ["pydantic.fields", "ModelField"],
  ["pydantic.validators", "str_validator"],
])("%s has no %s", (module, name) => expect(isGoneFromPydantic(module, name)).toBe(true))

test.each([
  ["pydantic", "BaseModel"],
  ["pydantic", "parse_obj_as"],
  ["pydantic.errors", "PydanticUserError"],
  ["pydantic.error_wrappers", "ValidationError"],
  ["pydantic.generics", "GenericModel"],
  ["pydantic.utils", "GetterDict"],
  ["pydantic_settings", "BaseSettings"],
])("%s still has %s", (module, name) => expect(isGoneFromPydantic(module, name)).toBe(false))
